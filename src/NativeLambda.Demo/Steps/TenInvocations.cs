using NativeLambda.Demo.Staging;
using NativeLambda.Demo.Telling;
using NativeLambda.Emulator.Environments;

namespace NativeLambda.Demo.Steps;

/// <summary>Reads and writes, each from a freeze, all on the connection of Init.</summary>
internal sealed class TenInvocations : IStep
{
    /// <summary>The product that the rest of the story goes on with.</summary>
    public const string Product = "espresso";

    private static readonly (string Method, string Path, string? Body, int Status)[] Requests =
    [
        ("PUT", "/products/espresso", """{"name":"Espresso, 250 g","price":8.9}""", 201),
        ("PUT", "/products/filter", """{"name":"Filter papers","price":3.5}""", 201),
        ("POST", "/products/espresso/movements", """{"quantity":100}""", 201),
        ("POST", "/products/espresso/movements", """{"quantity":-3}""", 201),
        ("POST", "/products/espresso/movements", """{"quantity":-200}""", 409),
        ("GET", "/products/espresso", null, 200),
        ("GET", "/products?limit=10", null, 200),
        ("DELETE", "/products/filter", null, 204),
        ("GET", "/products/filter", null, 404),
        ("GET", "/connection", null, 200),
    ];

    public string Title => "Ten invocations, one backend, a real freeze before each";

    public async Task RunAsync(Stage stage, Narrator narrator, CancellationToken cancellation)
    {
        int backend = (await stage.Control.BackendsAsync(cancellation)) is [var only] ? only.Pid : throw new StageException("there is more than one backend, or none");
        long before = (await stage.OnlyFrozenAsync(cancellation)).Invocations;
        var answers = new List<Answer>();
        var durations = new List<TimeSpan>();
        foreach ((string method, string path, string? body, int status) in Requests)
        {
            Answer answer = await stage.Client.SendAsync(new HttpMethod(method), path, body, cancellation);
            answers.Add(answer);
            EnvironmentSnapshot environment = await stage.OnlyFrozenAsync(cancellation);
            durations.Add(environment.LastDuration ?? default);
            narrator.Request(answer, answer.Status == status ? Remark(answer) : $"expected {status}");
        }

        narrator.Fact("p50", $"{Figures.Milliseconds(Figures.Median(answers.Select(static answer => answer.Elapsed)))} at the caller, thaw included; Duration {Figures.Milliseconds(Figures.Median(durations))}");
        narrator.Claim("each answered as it should", string.Join(' ', Requests.Select(static request => request.Status)), string.Join(' ', answers.Select(static answer => answer.Status)));
        ConnectionReport report = ConnectionReport.Of(answers[^1]);
        narrator.Claim("on the one backend of Init", backend, report.BackendPid);
        narrator.Claim("which has served every invocation so far", before + Requests.Length, report.ReusedFor);
        Ledger ledger = await stage.Control.LedgerAsync(Product, cancellation);
        narrator.Claim("the tables hold what was acknowledged, no more, no less", new Ledger(2, 97, 97), ledger);
    }

    private static string Remark(Answer answer) => answer.Body.Length <= 90 ? answer.Body : answer.Body[..87] + "...";
}
