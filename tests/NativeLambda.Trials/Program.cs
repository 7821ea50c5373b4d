using System.CommandLine;
using NativeLambda.Trials.Fleet;
using NativeLambda.Trials.Gateway.Faults;
using NativeLambda.Trials.Gateway.Load;
using NativeLambda.Trials.Overhead;
using NativeLambda.Trials.Soak;
using NativeLambda.Trials.Storm;

var root = new RootCommand("Trials of a fleet of execution environments: as long and as large as one likes.")
{
    StormCommand.Create(),
    SoakCommand.Create(),
    OverheadCommand.Create(),
    FleetCommand.Create(),
    LoadCommand.Create(),
    FaultCommand.Create(),
};
// The usual two seconds after Ctrl-C are not enough to end hundreds of environments and a server in order.
return await root.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromMinutes(1) });
