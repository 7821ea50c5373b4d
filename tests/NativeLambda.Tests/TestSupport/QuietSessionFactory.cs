using NativeLambda.Database;

namespace NativeLambda.Tests.TestSupport;

/// <summary>Opens one <see cref="QuietSession"/>.</summary>
internal sealed class QuietSessionFactory : ISessionFactory
{
    public QuietSession Session { get; } = new();

    public Task<ISession> OpenAsync(CancellationToken cancellationToken) => Task.FromResult<ISession>(Session);

    public bool TryRefreshCredentials() => false;

    public bool TryAdapt(Exception refusal) => false;
}
