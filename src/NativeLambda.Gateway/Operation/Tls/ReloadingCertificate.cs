using System.Net.Security;
using System.Security.Authentication;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace NativeLambda.Gateway.Operation.Tls;

/// <summary>
/// The certificate of a listener, read again when its files change. A handshake takes the one of its moment, and connections that stand
/// are left alone; files that cannot be used leave the old one in place, and are told of once.
/// </summary>
internal sealed class ReloadingCertificate : IAsyncDisposable
{
    private static readonly TimeSpan Settle = TimeSpan.FromMilliseconds(100);

    private readonly TlsOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _end = new();
    private readonly SemaphoreSlim _changed = new(0);
    private readonly List<FileSystemWatcher> _watchers = [];
    private readonly Task _watching;
    private volatile SslStreamCertificateContext _context;
    private byte[] _seen;
    private bool _warned;

    private ReloadingCertificate(TlsOptions options, TimeProvider time, ILogger logger)
    {
        (_options, _time, _logger) = (options, time, logger);
        _seen = CertificateFiles.Fingerprint(options);
        _context = CertificateFiles.Load(options);
        WarnOfEnd();
        Watch();
        _watching = WatchAsync();
    }

    /// <summary>When it ends.</summary>
    public DateTimeOffset NotAfter => _context.TargetCertificate.NotAfter;

    /// <summary>Its file, by which metrics call it.</summary>
    public string File => _options.Certificate;

    /// <summary>Reads it, and watches its files from now on.</summary>
    /// <exception cref="CertificateException">It cannot be used.</exception>
    public static ReloadingCertificate Load(TlsOptions options, TimeProvider time, ILogger logger) => new(options, time, logger);

    /// <summary>What a listener that shows it does with a handshake: TLS 1.2 and later; HTTP/2 is agreed on by ALPN.</summary>
    public TlsHandshakeCallbackOptions Handshake() => new()
    {
        OnConnection = _ => ValueTask.FromResult(new SslServerAuthenticationOptions
        {
            ServerCertificateContext = _context,
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
        }),
    };

    /// <summary>Looks whether the files have changed, and takes what is in them.</summary>
    public void Reload()
    {
        lock (_lock) ReadAgain(); // a signal and the watch may ask at once
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        foreach (FileSystemWatcher watcher in _watchers) watcher.Dispose();
        await _watching;
        _end.Dispose();
        _changed.Dispose();
    }

    private void ReadAgain()
    {
        try
        {
            byte[] now = CertificateFiles.Fingerprint(_options);
            if (!now.AsSpan().SequenceEqual(_seen))
            {
                _seen = now; // also when it is no good: it is told of once
                _context = CertificateFiles.Load(_options);
                _warned = false;
                TlsMessages.Reloaded(_logger, File, NotAfter);
            }
        }
        catch (CertificateException exception)
        {
            if (_seen.Length > 0) TlsMessages.Kept(_logger, exception.Message, NotAfter);
            // An unreadable file has no fingerprint; the next good one, even the old one, is read again.
            if (exception.InnerException is IOException or UnauthorizedAccessException) _seen = [];
        }
        WarnOfEnd();
    }

    private void WarnOfEnd()
    {
        TimeSpan left = NotAfter - _time.GetUtcNow();
        if (_warned || left > _options.WarnBefore) return;
        _warned = true;
        TlsMessages.Ends(_logger, File, NotAfter, left.TotalDays);
    }

    private void Watch()
    {
        // The directories, for files are replaced by renaming, and Kubernetes exchanges a link beside them.
        foreach (string directory in new[] { _options.Certificate, _options.Key, _options.PasswordFile }.OfType<string>()
            .Select(static file => Path.GetDirectoryName(Path.GetFullPath(file))!).Distinct())
        {
            try
            {
                var watcher = new FileSystemWatcher(directory);
                _watchers.Add(watcher);
                watcher.Changed += Tell;
                watcher.Created += Tell;
                watcher.Renamed += Tell;
                watcher.EnableRaisingEvents = true;
            }
            catch (IOException exception)
            {
                TlsMessages.Unwatched(_logger, directory, exception.Message); // too many watches: the files are looked at now and then
            }
        }
    }

    private void Tell(object sender, FileSystemEventArgs change)
    {
        if (_changed.CurrentCount == 0 && !_end.IsCancellationRequested) _changed.Release();
    }

    private async Task WatchAsync()
    {
        try
        {
            while (true)
            {
                using var enough = CancellationTokenSource.CreateLinkedTokenSource(_end.Token);
                Task changed = _changed.WaitAsync(enough.Token), due = Task.Delay(_options.CheckEvery, _time, enough.Token);
                bool told = await Task.WhenAny(changed, due) == changed;
                await enough.CancelAsync();
                _end.Token.ThrowIfCancellationRequested();
                // A certificate and its key are two files: a moment later both are there.
                if (told) await Task.Delay(Settle, TimeProvider.System, _end.Token);
                Reload();
            }
        }
        catch (OperationCanceledException)
        {
            // The gateway ends.
        }
    }
}
