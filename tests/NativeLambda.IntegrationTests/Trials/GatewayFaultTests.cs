using NativeLambda.IntegrationTests.Fixtures;
using NativeLambda.Trials.Gateway.Faults;

namespace NativeLambda.IntegrationTests.Trials;

/// <summary>The trial of build/gateway-faults, small.</summary>
public sealed class GatewayFaultTests
{
    [Fact]
    public async Task Every_client_gets_one_whole_answer_whatever_Lambda_does()
    {
        Assert.SkipUnless(GatewayProgram.Path is not null, "no gateway was published: build/test does");
        var options = new FaultOptions { Requests = 3000, Clients = 32, Kills = 2, Seed = 7 };
        FaultResult result = await FaultStage.RunAsync(GatewayProgram.Path, options, TimeProvider.System, TestContext.Current.CancellationToken);
        Assert.True(result.Violations.IsEmpty, FaultReport.Write(options, result));
        Assert.All(FaultKinds.All, kind => Assert.Contains(result.Answers.Keys, answer => answer.Kind == kind));
    }
}
