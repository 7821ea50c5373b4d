using Microsoft.Extensions.Time.Testing;
using NativeLambda.Extensions;
using NativeLambda.Runtime;
using NativeLambda.Tests.Runtime;
using NativeLambda.Tests.TestSupport;

namespace NativeLambda.Tests.Extensions;

public sealed class ShutdownExtensionTests : IAsyncDisposable
{
    private readonly FakeRuntimeApi _api = FakeRuntimeApi.Start();
    private readonly FakeTimeProvider _time = new();
    private readonly LogRecorder _log;

    public ShutdownExtensionTests() => _log = new LogRecorder(_time);

    public async ValueTask DisposeAsync()
    {
        await _api.DisposeAsync();
        _log.Dispose();
    }

    public static TheoryData<FakeAnswer, string> Refusals => new()
    {
        { FakeAnswer.Status(404, "NotFound", "no such route"), "answered 404 NotFound no such route" },
        { FakeAnswer.StatusWithBody(404, "404 page not found"), "answered 404" },
        { FakeAnswer.Status(403, "Extension.TooManyExtensions", "Extension limit (10) reached"), "answered 403 Extension.TooManyExtensions" },
        { FakeAnswer.Status(500), "answered 500" },
        { FakeAnswer.Raw("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"), "gave no Lambda-Extension-Identifier" },
        { FakeAnswer.Raw("what?\r\n\r\n"), "is not HTTP/1.1" },
        { FakeAnswer.Close, "closes the connection" },
        { FakeAnswer.Reset, "closes the connection" },
    };

    [Fact]
    public async Task It_registers_for_no_event_and_waits_for_one_for_ever_on_a_connection_of_its_own()
    {
        using ShutdownExtension extension = Start();
        await extension.RegisteredAsync();
        FakeRequest waiting = await _api.ExtensionWaitingAsync();
        Assert.Equal(FakeRuntimeApi.ExtensionId, waiting.Header("Lambda-Extension-Identifier"));
        Assert.Empty(waiting.Body);
        FakeRequest register = _api.Requests[0];
        Assert.Equal("/2020-01-01/extension/register", register.Path);
        Assert.Equal("nativelambda-shutdown", register.Header("Lambda-Extension-Name"));
        Assert.Equal("""{"events":[]}""", register.Text);
        Assert.Equal(register.Connection, waiting.Connection);
        Assert.Empty(_log.Lines);
    }

    [Theory]
    [MemberData(nameof(Refusals))]
    public async Task Whatever_hinders_it_to_register_is_logged_once_and_thrown_nowhere(FakeAnswer answer, string reason)
    {
        _api.Script(FakeRoute.ExtensionRegister, answer);
        using ShutdownExtension extension = Start();
        await extension.RegisteredAsync();
        string line = Assert.Single(_log.Lines);
        Assert.Contains("WARN The shutdown extension is not registered, so the environment will end without SIGTERM", line, StringComparison.Ordinal);
        Assert.Contains(reason, line, StringComparison.Ordinal);
        Assert.Single(_api.Requests);
    }

    [Fact]
    public async Task So_is_that_nobody_listens()
    {
        // Port 1 is nobody's.
        using var extension = ShutdownExtension.Start(RuntimeApiEndpoint.Parse("127.0.0.1:1"), _time, _log.Log);
        await extension.RegisteredAsync();
        Assert.Contains("cannot be reached", Assert.Single(_log.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_api_that_does_not_answer_is_waited_for_no_longer_than_the_limit()
    {
        _api.Script(FakeRoute.ExtensionRegister, FakeAnswer.Silence);
        using ShutdownExtension extension = Start();
        Task registered = extension.RegisteredAsync().AsTask();
        _time.Advance(ShutdownExtension.RegistrationLimit - TimeSpan.FromMilliseconds(1));
        Assert.False(registered.IsCompleted);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        await registered.WaitAsync(FakeRuntimeApi.Guard, TestContext.Current.CancellationToken);
        Assert.Contains("WARN", Assert.Single(_log.Lines), StringComparison.Ordinal);
        Assert.Contains("has not answered within 1 s", _log.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_that_answers_later_still_gets_the_request_for_the_next_event_without_which_it_would_not_end_Init()
    {
        var late = new TaskCompletionSource();
        _api.Script(FakeRoute.ExtensionRegister, FakeAnswer.ProperAnswerAfter(late.Task));
        using ShutdownExtension extension = Start();
        Task registered = extension.RegisteredAsync().AsTask();
        _time.Advance(ShutdownExtension.RegistrationLimit);
        await registered.WaitAsync(FakeRuntimeApi.Guard, TestContext.Current.CancellationToken);
        late.SetResult();
        FakeRequest waiting = await _api.ExtensionWaitingAsync();
        Assert.Equal(FakeRuntimeApi.ExtensionId, waiting.Header("Lambda-Extension-Identifier"));
        Assert.Contains("WARN", Assert.Single(_log.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_end_of_the_connection_in_the_place_of_an_event_is_no_trouble()
    {
        _api.Script(FakeRoute.ExtensionNext, FakeAnswer.Close);
        using ShutdownExtension extension = Start();
        await extension.RegisteredAsync();
        await _api.ConnectionEndedAsync();
        Assert.Empty(_log.Lines);
    }

    [Fact]
    public async Task Its_disposal_closes_the_connection()
    {
        ShutdownExtension extension = Start();
        await extension.RegisteredAsync();
        await _api.ExtensionWaitingAsync();
        extension.Dispose();
        await _api.ConnectionEndedAsync();
    }

    private ShutdownExtension Start() => ShutdownExtension.Start(RuntimeApiEndpoint.Parse(_api.Endpoint), _time, _log.Log);
}
