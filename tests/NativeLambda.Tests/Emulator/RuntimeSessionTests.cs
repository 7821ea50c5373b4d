using NativeLambda.Emulator.Environments;

namespace NativeLambda.Tests.Emulator;

public sealed class RuntimeSessionTests
{
    private readonly RuntimeSession _session = new();

    [Fact]
    public async Task An_invocation_goes_to_the_one_who_waits()
    {
        Task<PendingInvocation> next = _session.Next(CancellationToken.None)!;
        Assert.True(_session.Events.TryRead(out RuntimeEvent? ready));
        Assert.IsType<RuntimeEvent.Ready>(ready);
        PendingInvocation invocation = Invocation("1");
        _session.Deliver(invocation);
        Assert.Same(invocation, await next);
    }

    [Fact]
    public void A_second_request_while_one_waits_is_refused()
    {
        Assert.NotNull(_session.Next(CancellationToken.None));
        Assert.Null(_session.Next(CancellationToken.None));
    }

    [Fact]
    public async Task A_runtime_whose_connection_broke_asks_again_and_gets_the_invocation()
    {
        using var connection = new CancellationTokenSource();
        Task<PendingInvocation> broken = _session.Next(connection.Token)!;
        await connection.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => broken);
        Task<PendingInvocation> again = _session.Next(CancellationToken.None)!;
        PendingInvocation invocation = Invocation("1");
        _session.Deliver(invocation);
        Assert.Same(invocation, await again);
    }

    [Fact]
    public async Task An_invocation_dispatched_while_the_connection_was_broken_waits_for_the_next_request()
    {
        using var connection = new CancellationTokenSource();
        Task<PendingInvocation> broken = _session.Next(connection.Token)!;
        await connection.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => broken);
        PendingInvocation invocation = Invocation("1");
        _session.Deliver(invocation);
        Assert.Same(invocation, await _session.Next(CancellationToken.None)!);
        Assert.Null(_session.Next(CancellationToken.None));
    }

    [Fact]
    public void Init_is_over_when_the_runtime_and_every_extension_have_asked()
    {
        (_, Extension? extension) = _session.Extensions.Register("internal", []);
        Assert.NotNull(_session.Next(CancellationToken.None));
        Assert.False(_session.Events.TryRead(out _));
        Assert.NotNull(_session.Extensions.Next(extension!, CancellationToken.None));
        Assert.True(_session.Events.TryRead(out RuntimeEvent? ready));
        Assert.IsType<RuntimeEvent.Ready>(ready);
        Assert.Null(_session.Extensions.Next(extension!, CancellationToken.None));
        Assert.False(_session.Events.TryRead(out _)); // told once
    }

    [Fact]
    public void A_response_counts_only_for_the_invocation_that_runs_and_only_once()
    {
        Assert.NotNull(_session.Next(CancellationToken.None));
        var response = new RuntimeEvent.Response("{}"u8.ToArray(), "application/json");
        Assert.Equal(CallResult.InvalidState, _session.BeginResponse("1").Result);
        PendingInvocation invocation = Invocation("1");
        _session.Deliver(invocation);
        Assert.Equal((CallResult.InvalidRequestId, null), _session.BeginResponse("2"));
        Assert.Equal((CallResult.Accepted, invocation), _session.BeginResponse("1"));
        Assert.Equal(CallResult.InvalidState, _session.BeginResponse("1").Result);
        Assert.Equal(CallResult.Accepted, _session.End(RuntimeCall.Response, "1", response));
        Assert.Equal(CallResult.InvalidState, _session.BeginResponse("1").Result);
        Assert.Equal(CallResult.InvalidState, _session.End(RuntimeCall.Error, "1", response));
    }

    [Fact]
    public void Ten_extensions_may_register_and_none_after_Init()
    {
        for (int count = 0; count < ExtensionRegistry.MaxExtensions; count++)
            Assert.Equal(RegistrationResult.Registered, _session.Extensions.Register($"extension-{count}", []).Result);
        Assert.Equal(RegistrationResult.NameTaken, _session.Extensions.Register("extension-0", []).Result);
        Assert.Equal(RegistrationResult.TooMany, _session.Extensions.Register("one-more", []).Result);
        Assert.NotNull(_session.Next(CancellationToken.None));
        Assert.Equal(RegistrationResult.Closed, _session.Extensions.Register("late", []).Result);
        Assert.Equal(ExtensionRegistry.MaxExtensions, _session.Extensions.All.Count);
        Assert.Null(_session.Extensions.Find("unknown"));
    }

    private static PendingInvocation Invocation(string id) => new()
    {
        RequestId = id,
        Payload = "{}"u8.ToArray(),
        InvokedFunctionArn = "arn",
        TraceId = "trace",
    };
}
