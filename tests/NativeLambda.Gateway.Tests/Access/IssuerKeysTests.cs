using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using NativeLambda.Gateway.Access;
using NativeLambda.Gateway.Access.Jwt;
using NativeLambda.Gateway.Tests.Operation;

namespace NativeLambda.Gateway.Tests.Access;

/// <summary>An issuer's keys, while the issuer changes them or is down.</summary>
public sealed class IssuerKeysTests : IAsyncLifetime
{
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
    private readonly HttpClient _http = new();
    private LocalIssuer _issuer = null!;
    private IssuerKeys _keys = null!;

    public async ValueTask InitializeAsync()
    {
        _issuer = await LocalIssuer.StartAsync();
        _keys = Create(NullLogger.Instance);
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _issuer.DisposeAsync();
    }

    private IssuerKeys Create(ILogger logger) =>
        new(new JwtAuthorizerOptions { Name = "users", Issuer = new Uri(_issuer.Issuer), Audiences = ["shop"] }, _http, _clock, logger);

    private async Task<bool> HasAsync(string id) => await _keys.FindAsync(id, CancellationToken.None) is not null;

    [Fact]
    public async Task The_first_token_of_a_new_key_makes_them_be_read_again()
    {
        Assert.True(await HasAsync("first"));
        _clock.Advance(TimeSpan.FromMinutes(1));
        _issuer.AddKey("second");
        Assert.True(await HasAsync("second"));
        Assert.True(await HasAsync("first"));
        Assert.Equal(2, _issuer.Readings);
        _issuer.RemoveKey("first");
        _issuer.AddKey("third");
        _clock.Advance(TimeSpan.FromMinutes(1));
        Assert.True(await HasAsync("third"));
        Assert.False(await HasAsync("first"));
    }

    [Fact]
    public async Task Invented_keys_do_not_make_them_be_read_more_than_twice_a_minute()
    {
        Assert.True(await HasAsync("first"));
        for (int i = 0; i < 50; i++) Assert.False(await HasAsync($"invented-{i}"));
        Assert.Equal(1, _issuer.Readings);
        _clock.Advance(IssuerKeys.RotationPause);
        for (int i = 0; i < 50; i++) Assert.False(await HasAsync($"invented-{i}"));
        Assert.Equal(2, _issuer.Readings);
    }

    [Fact]
    public async Task Many_at_once_wait_for_one_reading()
    {
        bool[] found = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(() => HasAsync("first"))));
        Assert.DoesNotContain(false, found);
        Assert.Equal(1, _issuer.Readings);
    }

    [Fact]
    public async Task While_the_issuer_is_down_they_serve_until_they_are_two_hours_old()
    {
        Assert.True(await HasAsync("first"));
        _issuer.IsDown = true;
        _clock.Advance(IssuerKeys.MaxAge - TimeSpan.FromSeconds(1));
        Assert.True(await HasAsync("first"));
        _clock.Advance(TimeSpan.FromSeconds(6));
        var exception = await Assert.ThrowsAsync<IssuerUnavailableException>(() => HasAsync("first"));
        Assert.Contains(_issuer.Issuer, exception.Message, StringComparison.Ordinal);
        _issuer.IsDown = false;
        _clock.Advance(IssuerKeys.FailurePause);
        Assert.True(await HasAsync("first"));
    }

    [Fact]
    public async Task After_an_hour_they_are_read_behind_the_requests()
    {
        Assert.True(await HasAsync("first"));
        _issuer.AddKey("second");
        _clock.Advance(IssuerKeys.RefreshAge);
        Assert.True(await HasAsync("first"));
        await Eventually.IsTrueAsync(() => _issuer.Readings == 2);
        Assert.True(await HasAsync("second"));
        Assert.Equal(2, _issuer.Readings);
    }

    [Fact]
    public async Task An_issuer_that_never_answered_is_not_asked_by_every_request()
    {
        _issuer.IsDown = true;
        await Assert.ThrowsAsync<IssuerUnavailableException>(() => HasAsync("first"));
        _issuer.IsDown = false;
        await Assert.ThrowsAsync<IssuerUnavailableException>(() => HasAsync("first"));
        Assert.Equal(0, _issuer.Readings);
        _clock.Advance(IssuerKeys.FailurePause);
        Assert.True(await HasAsync("first"));
    }

    [Fact]
    public async Task A_document_of_another_issuer_is_none()
    {
        _issuer.Pretended = _issuer.Issuer + "/";
        var exception = await Assert.ThrowsAsync<IssuerUnavailableException>(() => HasAsync("first"));
        Assert.Contains("must be written as it stands there", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_gateway_whose_issuer_is_down_says_503_and_lets_nobody_in()
    {
        _issuer.IsDown = true;
        await using PipelineHost host = await AccessPipeline.StartAsync(
            new AccessOptions { Authorizers = [new() { Name = "users", Issuer = new Uri(_issuer.Issuer), Audiences = ["shop"] }] },
            [PipelineHost.Route("GET", "/", new RouteAccessOptions { Authorizer = "users" })]);
        using HttpResponseMessage response = await host.SendAsync("GET", "/", ("Authorization", _issuer.Sign(_issuer.Claims(TimeProvider.System.GetUtcNow()))));
        await Answer.IsAsync(response, 503, "Service Unavailable");
        Assert.Equal("5", response.Header("Retry-After"));
        Assert.Equal("issuer_unavailable", host.Last!.Error);
        Assert.Equal(0, host.Calls);
    }

    [Theory]
    [InlineData("http://issuer.example.com", "shop", "$request.header.Authorization", "issuer")]
    [InlineData("ftp://issuer.example.com", "shop", "$request.header.Authorization", "issuer")]
    [InlineData("https://issuer.example.com", null, "$request.header.Authorization", "audiences")]
    [InlineData("https://issuer.example.com", "shop", "Authorization", "identitySource")]
    [InlineData("https://issuer.example.com", "shop", "$request.header.", "identitySource")]
    public void Options_that_would_not_protect_are_refused(string issuer, string? audience, string source, string option)
    {
        var options = new JwtAuthorizerOptions { Name = "users", Issuer = new Uri(issuer), Audiences = audience is null ? [] : [audience], IdentitySource = source };
        Assert.Equal(option, Assert.Throws<AccessOptionsException>(() => new JwtAuthorizer(options, _http, _clock, NullLogger.Instance)).Option);
    }
}
