using Microsoft.Extensions.Time.Testing;
using NativeLambda.Gateway.Lambda;
using NativeLambda.Gateway.Lambda.Credentials;
using NativeLambda.Gateway.Tests.Operation;

namespace NativeLambda.Gateway.Tests.Lambda.Credentials;

/// <summary>What is kept of the chain's answers, and for how long.</summary>
public sealed class ChainCredentialsTests : IDisposable
{
    private static readonly AwsKeys One = new("1", "s3cret"), Two = new("2", "s3cret");

    private readonly FakeTimeProvider _clock = new();
    private readonly RecordingLogger _logger = new();
    private readonly ScriptedChain _chain = new();
    private readonly ChainCredentials _credentials;

    public ChainCredentialsTests() => _credentials = new ChainCredentials(_chain, _clock, _logger);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _credentials.Dispose();

    private async Task<AwsKeys> GetAsync() => await _credentials.GetAsync(Cancellation);

    private async Task<string> NoneAsync()
    {
        LambdaUnreachableException none = await Assert.ThrowsAsync<LambdaUnreachableException>(GetAsync);
        Assert.False(none.MayHaveRun);
        return none.Message;
    }

    [Fact]
    public async Task All_who_wait_ask_once()
    {
        var answer = new TaskCompletionSource<AwsKeys>();
        _chain.Answer = _ => answer.Task;
        Task<AwsKeys>[] waiting = [.. Enumerable.Range(0, 50).Select(_ => GetAsync())];
        answer.SetResult(One);
        Assert.All(await Task.WhenAll(waiting), static keys => Assert.Same(One, keys));
        Assert.Equal(1, _chain.Asked);
    }

    [Fact]
    public async Task Nobody_waits_for_keys_to_be_looked_for_again_until_they_are_a_minute_old()
    {
        await GetAsync();
        _clock.Advance(ChainCredentials.Fresh - TimeSpan.FromMilliseconds(1));
        Assert.Same(One, await GetAsync());
        Assert.Equal(1, _chain.Asked);
        var answer = new TaskCompletionSource<AwsKeys>();
        _chain.Answer = _ => answer.Task;
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Same(One, await GetAsync());
        _clock.Advance(ChainCredentials.Usable - ChainCredentials.Fresh - TimeSpan.FromMilliseconds(1));
        Assert.Same(One, await GetAsync());
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        Task<AwsKeys> waiting = GetAsync();
        Assert.False(waiting.IsCompleted);
        answer.SetResult(Two);
        Assert.Same(Two, await waiting);
        Assert.Equal(2, _chain.Asked);
    }

    [Fact]
    public async Task The_same_keys_stay_the_same_object()
    {
        await GetAsync();
        _chain.Answer = static _ => Task.FromResult(new AwsKeys("1", "s3cret"));
        _clock.Advance(ChainCredentials.Usable);
        Assert.Same(One, await GetAsync());
        Assert.Equal(2, _chain.Asked);
    }

    [Fact]
    public async Task That_there_are_none_is_known_for_a_moment_and_told_once()
    {
        _chain.Answer = static _ => throw new CredentialException("set some.");
        for (int i = 0; i < 3; i++) Assert.Equal("There are no AWS credentials: set some.", await NoneAsync());
        Assert.Equal(1, _chain.Asked);
        _clock.Advance(ChainCredentials.Fresh);
        await NoneAsync();
        Assert.Equal("Warning: The chain of AWS credentials gave none, and calls fail until it does: set some.", Assert.Single(_logger.Lines));
        _chain.Answer = static _ => Task.FromResult(One);
        _clock.Advance(ChainCredentials.Fresh);
        Assert.Same(One, await GetAsync());
    }

    [Fact]
    public async Task Keys_are_used_on_while_the_chain_has_trouble()
    {
        await GetAsync();
        _chain.Answer = static _ => throw new IOException("the agent is gone");
        for (int i = 0; i < 3; i++)
        {
            _clock.Advance(ChainCredentials.Usable);
            Assert.Same(One, await GetAsync());
        }
        Assert.Equal("Warning: The chain of AWS credentials gave none, and those from before are used on: the agent is gone", Assert.Single(_logger.Lines));
        _chain.Answer = static _ => Task.FromResult(Two);
        _clock.Advance(ChainCredentials.Usable);
        Assert.Same(Two, await GetAsync());
    }

    [Fact]
    public async Task A_chain_that_does_not_answer_is_given_up()
    {
        _chain.Answer = static async cancellation =>
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellation);
            return One;
        };
        Task<string> none = NoneAsync();
        await _chain.Reached.WaitAsync(Cancellation);
        _clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Contains("did not answer within 10 s", await none, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Keys_that_were_refused_are_forgotten_and_asked_for_once_for_all()
    {
        await GetAsync();
        _chain.Answer = static _ => Task.FromResult(Two);
        AwsKeys[] fresh = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => _credentials.RefreshAsync(One, Cancellation).AsTask()));
        Assert.All(fresh, static keys => Assert.Same(Two, keys));
        Assert.Equal((2, 1), (_chain.Asked, _chain.Forgotten));
        Assert.Same(Two, await GetAsync());
        // A refusal that comes late is of keys that are long gone.
        _clock.Advance(ChainCredentials.Fresh);
        Assert.Same(Two, await _credentials.RefreshAsync(One, Cancellation));
        Assert.Equal((2, 1), (_chain.Asked, _chain.Forgotten));
    }

    [Fact]
    public async Task Keys_that_stay_the_refused_ones_are_not_asked_for_at_each_refusal()
    {
        await GetAsync();
        for (int i = 0; i < 5; i++) Assert.Same(One, await _credentials.RefreshAsync(One, Cancellation));
        Assert.Equal(2, _chain.Asked);
        _clock.Advance(ChainCredentials.Fresh);
        await _credentials.RefreshAsync(One, Cancellation);
        Assert.Equal(3, _chain.Asked);
    }

    [Fact]
    public async Task Refused_keys_are_not_used_on_when_there_are_no_others()
    {
        await GetAsync();
        _chain.Answer = static _ => throw new CredentialException("the role is gone.");
        LambdaUnreachableException none = await Assert.ThrowsAsync<LambdaUnreachableException>(async () => await _credentials.RefreshAsync(One, Cancellation));
        Assert.Equal("There are no AWS credentials: the role is gone.", none.Message);
        await NoneAsync();
    }

    [Fact]
    public async Task Who_leaves_leaves_the_others_waiting()
    {
        var answer = new TaskCompletionSource<AwsKeys>();
        _chain.Answer = _ => answer.Task;
        using var leaving = new CancellationTokenSource();
        Task<AwsKeys> stays = GetAsync(), leaves = _credentials.GetAsync(leaving.Token).AsTask();
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => leaves);
        answer.SetResult(One);
        Assert.Same(One, await stays);
    }

    private sealed class ScriptedChain : ICredentialChain
    {
        private int _asked;

        public Func<CancellationToken, Task<AwsKeys>> Answer { get; set; } = static _ => Task.FromResult(One);

        public SemaphoreSlim Reached { get; } = new(0);

        public int Asked => Volatile.Read(ref _asked);

        public int Forgotten { get; private set; }

        public Task<AwsKeys> GetAsync(CancellationToken cancellation)
        {
            Interlocked.Increment(ref _asked);
            Reached.Release();
            return Answer(cancellation);
        }

        public void Forget() => Forgotten++;

        public void Dispose() => Reached.Dispose();
    }
}
