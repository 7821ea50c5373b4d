using System.CommandLine;
using NativeLambda.Benchmarks.Cli;

var root = new RootCommand("Measures this function and others from exec to the first answer from the database, and warm.")
{
    RunCommand.Create(),
    CountCommand.Create(),
};
// A server and processes are ended in good order after Ctrl-C.
return await root.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromMinutes(1) });
