using NativeLambda.Gateway.Cli;

return await CommandLine.RunAsync(args, Console.Error);
