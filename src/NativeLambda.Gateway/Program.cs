using NativeLambda.Gateway.Cli;
using NativeLambda.Gateway.Operation.Sockets;

InlineCompletions.Use();
return await CommandLine.RunAsync(args, Console.Error);
