using NativeLambda.Emulator.Cli;

return await CommandLine.RunAsync(args);
