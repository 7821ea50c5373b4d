using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace NativeLambda.Gateway.Tests.Operation;

/// <summary>Gives everyone the same logger.</summary>
internal sealed class SingleLoggerFactory(ILogger? logger) : ILoggerFactory
{
    public ILogger CreateLogger(string categoryName) => logger ?? NullLogger.Instance;

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

    public void Dispose()
    {
    }
}
