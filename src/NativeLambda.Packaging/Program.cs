using NativeLambda.Packaging;

return await PackageCommand.RunAsync(args);
