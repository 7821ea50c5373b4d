using System.CommandLine;
using NativeLambda.Trials.Soak;
using NativeLambda.Trials.Storm;

var root = new RootCommand("Trials of a fleet of execution environments: as long and as large as one likes.")
{
    StormCommand.Create(),
    SoakCommand.Create(),
};
return await root.Parse(args).InvokeAsync();
