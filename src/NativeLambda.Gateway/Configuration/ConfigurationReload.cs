using System.Security.Cryptography;
using NativeLambda.Configuration;
using NativeLambda.Gateway.Access;

namespace NativeLambda.Gateway.Configuration;

/// <summary>
/// Reads the configuration anew when its file has changed, or when it is asked to. One that is not as it should be changes nothing, and is
/// told with the places of its mistakes.
/// </summary>
/// <remarks>
/// The folder is watched, not the file: editors and orchestrators replace a file by renaming another one, or a link on the way to it. What
/// counts is the content, a moment after the last event: many editors write a file in several steps.
/// </remarks>
internal sealed class ConfigurationReload : IDisposable
{
    /// <summary>How long nothing must happen to the folder before the file is read.</summary>
    public static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(100);

    private readonly string? _file;
    private readonly Func<GatewayConfiguration> _read;
    private readonly GatewayHost _host;
    private readonly ILogger _logger;
    private readonly FileSystemWatcher? _watcher;
    private readonly ITimer _timer;
    private readonly Lock _lock = new();
    private byte[]? _hash;
    private volatile bool _always;

    /// <summary>Told after each reading that was asked for by <see cref="Request"/>, whatever came of it.</summary>
    public event Action? Done;

    private ConfigurationReload(string? file, Func<GatewayConfiguration> read, GatewayHost host, TimeProvider time, ILogger logger)
    {
        (_file, _read, _host, _logger) = (file, read, host, logger);
        _hash = HashOf(file);
        _timer = time.CreateTimer(static reload => ((ConfigurationReload)reload!).Reload(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        if (file is null) return;
        _watcher = new FileSystemWatcher(Path.GetDirectoryName(Path.GetFullPath(file))!)
        {
            NotifyFilter = NotifyFilters.LastWrite | NotifyFilters.FileName | NotifyFilters.DirectoryName | NotifyFilters.Size,
        };
        _watcher.Changed += (_, _) => Request(always: false);
        _watcher.Created += (_, _) => Request(always: false);
        _watcher.Renamed += (_, _) => Request(always: false);
        _watcher.Error += (_, error) => ConfigurationMessages.NotWatched(_logger, file, error.GetException().Message);
        _watcher.EnableRaisingEvents = true;
    }

    /// <summary>Watches a file from now on.</summary>
    /// <param name="file">The file; null where there is none, and nothing to read anew.</param>
    /// <param name="read">Reads it.</param>
    /// <param name="host">Who gets what was read.</param>
    /// <param name="time">The time.</param>
    /// <param name="logger">Whoever operates the gateway.</param>
    public static ConfigurationReload Watch(string? file, Func<GatewayConfiguration> read, GatewayHost host, TimeProvider time, ILogger logger) =>
        new(file, read, host, time, logger);

    /// <summary>Asks for a reading, a moment later.</summary>
    /// <param name="always">Whether it is read although it has not changed: files that it names may have.</param>
    /// <returns>Whether it will be read: false where there is no file.</returns>
    public bool Request(bool always)
    {
        if (_file is null) return false;
        if (always) _always = true;
        return _timer.Change(Quiet, Timeout.InfiniteTimeSpan);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _watcher?.Dispose();
        _timer.Dispose();
    }

    private void Reload()
    {
        lock (_lock) ReadAgain();
        Done?.Invoke();
    }

    private void ReadAgain()
    {
        byte[]? hash = HashOf(_file);
        if (!_always && (hash is null || (_hash is not null && hash.AsSpan().SequenceEqual(_hash)))) return;
        _always = false;
        _hash = hash;
        try
        {
            GatewayConfiguration next = _read();
            foreach (string part in _host.Apply(next)) ConfigurationMessages.NeedsRestart(_logger, part);
            ConfigurationMessages.Applied(_logger, _file!, next.Routes.Count);
        }
        catch (Exception exception) when (exception is ConfigurationException or AccessOptionsException)
        {
            ConfigurationMessages.Refused(_logger, exception.Message);
        }
    }

    private static byte[]? HashOf(string? file)
    {
        try
        {
            return file is null ? null : SHA256.HashData(File.ReadAllBytes(file));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null; // between two steps of being replaced; if it stays so, the next reading tells
        }
    }
}
