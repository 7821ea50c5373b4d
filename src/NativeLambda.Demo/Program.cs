using NativeLambda.Demo;
using NativeLambda.Demo.Staging;
using NativeLambda.Demo.Telling;
using NativeLambda.Emulator.Cli;

if (DemoArguments.TryParse(args, out string mistake) is not { } arguments)
{
    await Console.Error.WriteLineAsync($"error: {mistake}\n{DemoArguments.Usage}");
    return 2;
}

using var stop = StopSignal.Listen();
var narrator = new Narrator(Terminal.Output, Palette.ForConsole());
await using var stage = new Stage(arguments.Folder, arguments.Gateway, arguments.Serve, narrator);
try
{
    int exitCode = await new Story(stage, narrator).TellAsync(arguments.Before, stop.Token);
    if (arguments.Serve && stage.IsSet) await Serving.RunAsync(stage, narrator, stop.Token);
    return exitCode;
}
catch (OperationCanceledException) when (stop.Token.IsCancellationRequested)
{
    narrator.Conclude(good: false, "Stopped. Ending the environments and the server.");
    return StopSignal.ExitCode;
}
