#!/bin/bash
# websocket-diagnostic.sh

echo "=== WebSocket服务诊断报告 ==="
echo "生成时间: $(date)"
echo

echo "=== 服务状态 ==="
systemctl status websocket-server 2>/dev/null || echo "systemctl不可用"
docker ps | grep websocket 2>/dev/null || echo "Docker不可用"

echo
echo "=== 资源使用 ==="
echo "CPU使用率:"
top -bn1 | grep "Cpu(s)" | awk '{print $2}' | cut -d'%' -f1

echo "内存使用:"
free -h | grep Mem

echo "磁盘使用:"
df -h | grep -E "(/$|/app)"

echo
echo "=== 网络状态 ==="
echo "端口监听:"
netstat -tlnp | grep 8765

echo "连接数:"
netstat -an | grep :8765 | wc -l

echo
echo "=== 服务健康检查 ==="
if curl -f http://localhost:8080/health >/dev/null 2>&1; then
    echo "健康检查: 通过"
    curl -s http://localhost:8080/stats | jq .
else
    echo "健康检查: 失败"
fi

echo
echo "=== 最近错误日志 ==="
tail -20 logs/websocket-server.log | grep -E "(ERROR|CRITICAL|WARN)"

echo "=== 诊断完成 ==="
