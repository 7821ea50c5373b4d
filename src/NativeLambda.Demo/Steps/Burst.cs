using NativeLambda.Demo.Staging;
using NativeLambda.Demo.Telling;
using NativeLambda.Emulator.Environments;

namespace NativeLambda.Demo.Steps;

/// <summary>More requests at once than there are environments.</summary>
internal sealed class Burst : IStep
{
    private const int Requests = 20;

    public string Title => "A burst of 20 requests at once: an environment and a backend for each that must";

    public async Task RunAsync(Stage stage, Narrator narrator, CancellationToken cancellation)
    {
        await stage.OnlyFrozenAsync(cancellation);
        Answer[] answers = await Task.WhenAll(
            Enumerable.Range(0, Requests).Select(_ => stage.Client.GetAsync($"/products/{TenInvocations.Product}", cancellation)));
        IReadOnlyList<EnvironmentSnapshot> environments = await stage.FrozenAsync(cancellation);
        IReadOnlyList<Backend> backends = await stage.Control.BackendsAsync(cancellation);

        narrator.Fact("answers", $"{answers.Count(static answer => answer.Status == 200)} of {Requests} are 200");
        narrator.Fact("at the caller", $"fastest {Figures.Milliseconds(answers.Min(static answer => answer.Elapsed))}, p50 {Figures.Milliseconds(Figures.Median(answers.Select(static answer => answer.Elapsed)))}, slowest {Figures.Milliseconds(answers.Max(static answer => answer.Elapsed))}: cold starts that share {Environment.ProcessorCount} cores");
        narrator.Fact("environments", $"{environments.Count}, all frozen again");
        narrator.Fact("backends", $"{backends.Count}");

        Answer? bad = answers.FirstOrDefault(static answer => answer.Status != 200);
        narrator.Claim($"all {Requests} answer 200", bad is null, "200", bad?.Summary ?? "");
        narrator.Claim("Lambda scaled out", environments.Count is > 1 and <= Requests, $"2 to {Requests} environments", $"{environments.Count}");
        narrator.Claim("each environment has one backend", environments.Count, backends.Count);
        narrator.Claim(
            "every environment has answered", environments.All(static environment => environment.Invocations > 0), "invocations in each",
            string.Join(' ', environments.Select(static environment => environment.Invocations)));
    }
}
