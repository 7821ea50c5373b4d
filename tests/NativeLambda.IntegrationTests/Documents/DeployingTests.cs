using NativeLambda.Emulator.Postgres;
using NativeLambda.IntegrationTests.Fixtures;
using NativeLambda.IntegrationTests.Packaging;
using NativeLambda.Packaging;

namespace NativeLambda.IntegrationTests.Documents;

/// <summary>docs/deploying.md: its commands, run as they stand there.</summary>
[Collection(PackagingGroup.Name)]
public sealed class DeployingTests(PostgresFixture postgres)
{
    private const string Document = "docs/deploying.md";

    private static readonly IReadOnlyList<CommandBlock> Blocks = DocumentCommands.Of(Document);

    [Fact]
    public async Task Its_commands_make_a_package_and_a_function_that_answers()
    {
        Assert.SkipUnless(LambdaArchitecture.Host == LambdaArchitecture.X64, "the page packs for x86_64");
        PostgresServer server = await postgres.GetServerAsync();
        // Where the page has a bundle of RDS fetched, a name that no Region has stands in: nobody's file may be overwritten.
        string region = $"test-{Guid.NewGuid():N}", bundle = Path.Combine(Repository.Root, "certificates", $"{region}-bundle.pem");
        (string, string)[] variables = [("REGION", region)];
        Directory.CreateDirectory(Path.GetDirectoryName(bundle)!);
        File.Copy(FunctionPackage.Authority(server), bundle);
        try
        {
            foreach (CommandBlock block in Blocks.Where(static block => block.Marker is DocumentCommands.Run or DocumentCommands.Serves))
            {
                if (block.Marker == DocumentCommands.Run) await DocumentShell.RunAsync(Document, block, variables);
                else await DocumentShell.ServeAsync(block, variables);
            }
        }
        finally
        {
            File.Delete(bundle);
        }
    }
}
