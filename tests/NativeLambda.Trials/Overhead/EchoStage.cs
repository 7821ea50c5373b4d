using NativeLambda.Emulator;
using NativeLambda.Emulator.Environments;
using NativeLambda.Emulator.Freezing;

namespace NativeLambda.Trials.Overhead;

/// <summary>The emulator with one environment of the echo function, frozen by one method, and what is measured on it.</summary>
internal sealed class EchoStage : IAsyncDisposable
{
    private readonly LocalLambda _lambda;
    private readonly Pulse _pulse;
    private readonly string _environment;
    private readonly Uri _invocations;
    private readonly EchoClient _client = new();
    private readonly EchoClient _urlClient = new();

    private EchoStage(LocalLambda lambda, Pulse pulse, string environment)
    {
        (_lambda, _pulse, _environment) = (lambda, pulse, environment);
        _invocations = new Uri(lambda.InvokeEndpoint, "2015-03-31/functions/function/invocations");
    }

    /// <summary>Starts the emulator and the environment.</summary>
    /// <exception cref="FreezeException">This machine does not have the method.</exception>
    public static async Task<EchoStage> StartAsync(string bootstrap, FreezeMethod method, CancellationToken cancellationToken)
    {
        var pulse = new Pulse();
        LocalLambda? lambda = null;
        try
        {
            lambda = await LocalLambda.StartAsync(
                new LocalLambdaOptions
                {
                    Bootstrap = bootstrap,
                    FreezeMethod = method,
                    MaxConcurrency = 1,
                    MemorySizeMb = 1769, // a whole processor: its quota is not what is measured
                    Timeout = TimeSpan.FromSeconds(30),
                    Environment = new Dictionary<string, string> { ["PULSE_PORT"] = pulse.Port },
                },
                cancellationToken);
            EnvironmentSnapshot environment = await lambda.StartEnvironmentAsync();
            await pulse.AcceptAsync(cancellationToken);
            return new EchoStage(lambda, pulse, environment.Id);
        }
        catch
        {
            if (lambda is not null) await lambda.DisposeAsync();
            pulse.Dispose();
            throw;
        }
    }

    /// <summary>Everything that is measured with this method.</summary>
    public IEnumerable<Course> Courses()
    {
        FreezeMethod method = _lambda.FreezeMethod;
        yield return Invocation(CourseNames.Frozen(method), FrozenAsync);
        yield return Invocation(CourseNames.Again(CourseNames.Frozen(method)), FrozenAsync) with { Reference = CourseNames.Frozen(method) };
        yield return Invocation(CourseNames.Awake(method), AwakeAsync);
        yield return Invocation(CourseNames.BackToBack(method), AnsweredAsync);
        yield return Invocation(CourseNames.FunctionUrl(method), FrozenAsync) with
        {
            RunAsync = cancellationToken => _urlClient.GetAsync(_lambda.FunctionUrl, cancellationToken),
        };
        yield return new Course { Name = CourseNames.Freeze(method), PrepareAsync = AwakeAsync, RunAsync = _ => _lambda.FreezeAsync(_environment) };
        yield return new Course
        {
            Name = CourseNames.Pulse(method), PrepareAsync = AwakeAsync, RunAsync = BeatAsync, SettleAsync = _ => _lambda.FreezeAsync(_environment),
        };
        yield return new Course
        {
            Name = CourseNames.Thaw(method),
            Reference = CourseNames.Pulse(method),
            PrepareAsync = async cancellationToken =>
            {
                await FrozenAsync(cancellationToken);
                _pulse.Send();
            },
            RunAsync = async _ =>
            {
                await _lambda.ThawAsync(_environment);
                _pulse.Receive();
            },
            SettleAsync = _ => _lambda.FreezeAsync(_environment),
        };
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        _urlClient.Dispose();
        await _lambda.DisposeAsync();
        _pulse.Dispose();
    }

    private Course Invocation(string name, Func<CancellationToken, Task> prepare) => new()
    {
        Name = name,
        Reference = CourseNames.Loopback,
        PrepareAsync = prepare,
        RunAsync = cancellationToken => _client.PostAsync(_invocations, cancellationToken),
        SettleAsync = FrozenAsync, // the freeze goes on after the answer
    };

    private Task FrozenAsync(CancellationToken cancellationToken) =>
        _lambda.WaitUntilAsync(static environments => environments.All(static environment => environment.State == EnvironmentState.Frozen), cancellationToken);

    /// <summary>Thawed without an invocation, and waiting for one: it has answered a byte since.</summary>
    private async Task AwakeAsync(CancellationToken cancellationToken)
    {
        await FrozenAsync(cancellationToken);
        await _lambda.ThawAsync(_environment);
        await BeatAsync(cancellationToken);
    }

    private async Task AnsweredAsync(CancellationToken cancellationToken)
    {
        await FrozenAsync(cancellationToken);
        await _client.PostAsync(_invocations, cancellationToken);
    }

    private Task BeatAsync(CancellationToken cancellationToken)
    {
        _pulse.Send();
        _pulse.Receive();
        return Task.CompletedTask;
    }
}
