using NativeLambda.Packaging;
using NativeLambda.Packaging.Publishing;
using NativeLambda.Tests.TestSupport;

namespace NativeLambda.Tests.Packaging;

public sealed class PublishArgumentsTests
{
    [Fact]
    public void They_are_those_of_dotnet_lambda()
    {
        // What Amazon.Lambda.Tools 7.0.0 logs as "... dotnet publish", without its quotation marks.
        var defaults = new ToolDefaults("src/Function", "Release", "net10.0", "-p:SelfContained=true  -p:X=1");
        Assert.Equal(
            "publish /clone/src/Function --output /out --configuration Release --framework net10.0 -p:SelfContained=true -p:X=1 "
            + "/p:GenerateRuntimeConfigurationFiles=true --runtime linux-arm64",
            string.Join(' ', PublishArguments.Compose("/clone", defaults, LambdaArchitecture.Arm64, "/out")));
    }

    [Fact]
    public void A_property_that_the_tool_takes_for_its_own_is_not_among_ours()
    {
        string parameters = ToolDefaults.Read(Path.Combine(RepositoryFiles.Root, ToolDefaults.FileName)).MSBuildParameters;
        // The tool warns of it, and of a container it would be a second one.
        Assert.DoesNotContain("--self-contained", parameters, StringComparison.Ordinal);
        Assert.DoesNotContain("--runtime", parameters, StringComparison.Ordinal);
        Assert.DoesNotContain("\"", parameters, StringComparison.Ordinal);
    }
}
