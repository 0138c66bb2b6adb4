/** The command line was wrong; `message` says how. */
export class UsageError extends Error {}

export const usage = `wirewatch users list
wirewatch users add NAME --role viewer|operator|admin [--generate]
wirewatch users passwd NAME [--generate]
wirewatch users role NAME viewer|operator|admin

The password is asked for, or read from the first line of standard input when that is no terminal.
--generate makes one up and prints it. The data folder is that of WIREWATCH_DATA_DIR, data by default;
all of it works while the console runs.
`;
