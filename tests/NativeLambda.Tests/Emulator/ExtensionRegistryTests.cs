using System.Text.Json;
using NativeLambda.Emulator.Environments;
using NativeLambda.Emulator.Processes;

namespace NativeLambda.Tests.Emulator;

public sealed class ExtensionRegistryTests
{
    private readonly RuntimeSession _session = new(["one", "two"]);

    [Fact]
    public void The_runtime_may_start_when_every_external_extension_has_registered()
    {
        Assert.Equal(RegistrationResult.Registered, Register("one").Result);
        Assert.False(_session.Events.TryRead(out _));
        Assert.Equal(RegistrationResult.InvalidState, Register("one").Result);
        Assert.Equal(RegistrationResult.Registered, Register("two").Result);
        Assert.True(_session.Events.TryRead(out RuntimeEvent? told));
        Assert.IsType<RuntimeEvent.ExtensionsRegistered>(told);
    }

    [Fact]
    public void An_invocation_is_over_when_those_who_were_told_of_it_ask_again()
    {
        (Extension one, Extension two) = Start("INVOKE", "SHUTDOWN");
        PendingInvocation invocation = Begin();
        Assert.NotNull(_session.BeginResponse("1").Invocation);
        Assert.Equal(CallResult.Accepted, _session.End(RuntimeCall.Response, "1", new RuntimeEvent.Streamed(null)));
        Assert.True(_session.Events.TryRead(out _));
        Assert.Equal((ExtensionState.Running, ExtensionState.Ready), (one.State, two.State));
        Assert.NotNull(_session.Next(CancellationToken.None));
        Assert.False(_session.Events.TryRead(out _)); // one is still at work
        Assert.NotNull(_session.Extensions.Next(one, CancellationToken.None));
        Assert.True(_session.Events.TryRead(out RuntimeEvent? told));
        Assert.IsType<RuntimeEvent.Ready>(told);
        Assert.Equal("1", invocation.RequestId);
    }

    [Fact]
    public async Task An_event_waits_for_an_extension_whose_connection_has_broken()
    {
        using var connection = new CancellationTokenSource();
        (Extension one, _) = Start("INVOKE", "INVOKE", connection.Token);
        await connection.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _asked!);
        Begin();
        Assert.Equal(ExtensionState.Ready, one.State);
        ExtensionEvent happened = await _session.Extensions.Next(one, CancellationToken.None)!;
        Assert.Equal("INVOKE", Parse(happened).GetProperty("eventType").GetString());
        Assert.Equal(ExtensionState.Running, one.State);
    }

    [Fact]
    public async Task Only_those_who_want_it_are_told_of_the_end()
    {
        (Extension one, Extension two) = Start("SHUTDOWN", "INVOKE");
        DateTimeOffset deadline = DateTimeOffset.UnixEpoch.AddSeconds(12);
        Assert.Equal(["one"], _session.Extensions.Shutdown("spindown", deadline));
        JsonElement told = Parse(await _asked!);
        Assert.Equal(("SHUTDOWN", "spindown", 12_000), (
            told.GetProperty("eventType").GetString(), told.GetProperty("shutdownReason").GetString(), told.GetProperty("deadlineMs").GetInt64()));
        Assert.Equal((ExtensionState.Running, ExtensionState.Ready), (one.State, two.State));
    }

    [Fact]
    public void The_first_report_of_an_extension_is_what_its_end_and_the_runtimes_are_called()
    {
        (Extension one, Extension two) = Start("INVOKE", "INVOKE");
        Assert.False(_session.Extensions.Fail(one, inInit: true, "One.Late")); // Init is over for it
        Assert.True(_session.Extensions.Fail(one, inInit: false, "One.Lost"));
        Assert.True(_session.Extensions.Fail(two, inInit: false, "Two.Lost"));
        Assert.Equal(("One.Lost", ExtensionState.ExitError), (one.ErrorType, one.State));
        _session.Exit(new RuntimeEvent.Exited(new ExitStatus(1, 0)));
        Assert.True(_session.Events.TryRead(out RuntimeEvent? told));
        Assert.Equal("Extension.ExitError", Assert.IsType<RuntimeEvent.Exited>(told).ErrorType);
        Assert.Null(_session.Extensions.Next(one, CancellationToken.None));
    }

    [Fact]
    public void An_extension_that_ends_without_a_word_has_crashed()
    {
        Start("INVOKE", "INVOKE");
        _session.Extensions.Exit("two", new ExitStatus(0, 9));
        Assert.True(_session.Events.TryRead(out RuntimeEvent? told));
        Assert.Equal(new RuntimeEvent.Exited(new ExitStatus(0, 9), "Extension.Crash", "two"), told);
        Assert.Equal("EXTENSION\tName: two\tState: Ready\tEvents: [INVOKE]\tError Type: Extension.Crash", _session.Extensions.All[1].Report.Text);
    }

    private Task<ExtensionEvent>? _asked;

    private (RegistrationResult Result, Extension? Extension) Register(string name, params string[] events) =>
        _session.Extensions.Register(name, events);

    /// <summary>Brings the session to the end of Init.</summary>
    private (Extension One, Extension Two) Start(string eventOfOne, string eventOfTwo, CancellationToken connectionOfOne = default)
    {
        Extension one = Register("one", eventOfOne).Extension!, two = Register("two", eventOfTwo).Extension!;
        _asked = _session.Extensions.Next(one, connectionOfOne);
        Assert.NotNull(_session.Extensions.Next(two, CancellationToken.None));
        Assert.NotNull(_session.Next(CancellationToken.None));
        Assert.True(_session.Events.TryRead(out RuntimeEvent? registered));
        Assert.IsType<RuntimeEvent.ExtensionsRegistered>(registered);
        Assert.True(_session.Events.TryRead(out RuntimeEvent? ready));
        Assert.IsType<RuntimeEvent.Ready>(ready);
        return (one, two);
    }

    private PendingInvocation Begin()
    {
        var invocation = new PendingInvocation { RequestId = "1", Payload = "{}"u8.ToArray(), InvokedFunctionArn = "arn", TraceId = "trace" };
        _session.Deliver(invocation);
        return invocation;
    }

    private static JsonElement Parse(ExtensionEvent happened) => JsonSerializer.Deserialize<JsonElement>(happened.Body.Span);
}
