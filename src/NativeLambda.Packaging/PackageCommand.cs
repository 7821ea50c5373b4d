using System.CommandLine;
using NativeLambda.Packaging.Certificates;

namespace NativeLambda.Packaging;

/// <summary>The command line of build/package.</summary>
internal static class PackageCommand
{
    private const int LargestBytes = 4 * 1024 * 1024;

    /// <summary>Runs it.</summary>
    /// <returns>0; 1 where the program is not fit to be shipped; 2 where the arguments are wrong.</returns>
    public static async Task<int> RunAsync(string[] arguments)
    {
        var architecture = new Option<string>("--arch") { Description = "x86_64 or arm64", Required = true };
        var bundles = new Option<string[]>("--ca-bundle") { Description = "PEM file of certification authorities to put beside bootstrap; may be repeated" };
        var output = new Option<string?>("--output") { Description = "folder for the package (artifacts/package)" };
        var largest = new Option<int>("--max-size") { Description = "bytes that the package may have, CA bundles aside", DefaultValueFactory = static _ => LargestBytes };
        var unlocked = new Option<bool>("--unlocked") { Description = "write the lock files anew where this SDK wants other packages, its compiler's among them" };
        var root = new RootCommand("Makes the package of the function for Lambda.") { architecture, bundles, output, largest, unlocked };
        ParseResult parsed = root.Parse(arguments);
        if (parsed.Errors.Count > 0)
        {
            foreach (System.CommandLine.Parsing.ParseError error in parsed.Errors) await Console.Error.WriteLineAsync($"error: {error.Message} (build/package --help)");
            return PackageException.BadInput;
        }
        root.SetAction(async (options, _) =>
        {
            // What was given is looked at before the minute that compiling takes.
            var packer = new Packer(LambdaArchitecture.Parse(options.GetRequiredValue(architecture)), [.. (options.GetValue(bundles) ?? []).Select(CaBundle.Read)]);
            await packer.RunAsync(options.GetValue(output), options.GetValue(largest), !options.GetValue(unlocked));
            return 0;
        });
        try
        {
            return await root.Parse(arguments).InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
        }
        catch (PackageException exception)
        {
            await Console.Error.WriteLineAsync($"error: {exception.Message}");
            return exception.ExitCode;
        }
    }
}
