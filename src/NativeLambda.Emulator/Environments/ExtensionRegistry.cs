using NativeLambda.Emulator.Processes;

namespace NativeLambda.Emulator.Environments;

/// <summary>The extensions of one generation of processes, and their conversation over the Extensions API.</summary>
/// <param name="gate">The lock of the session, which decides with their help whether an invocation is over.</param>
/// <param name="external">The names of the external ones: those of their files.</param>
/// <param name="isClosed">Whether it is too late to register.</param>
/// <param name="changed">Called within the lock when one has become ready.</param>
/// <param name="tell">Called within the lock with what the environment must know.</param>
internal sealed class ExtensionRegistry(
    Lock gate, IEnumerable<string> external, Func<bool> isClosed, Action changed, Action<RuntimeEvent> tell)
{
    /// <summary>How many extensions Lambda allows.</summary>
    internal const int MaxExtensions = 10;

    private const string InitErrorType = "Extension.InitError";
    private const string ExitErrorType = "Extension.ExitError";
    private const string CrashType = "Extension.Crash";

    private readonly List<Extension> _all = [.. external.Select(static name => new Extension(name, isExternal: true))];
    private string? _firstError;

    /// <summary>All of them, external ones first.</summary>
    public IReadOnlyList<Extension> All
    {
        get
        {
            lock (gate) return [.. _all];
        }
    }

    /// <summary>Whether every one has asked for its next event. To be called within the lock.</summary>
    public bool AreReady => _all.All(static extension => extension.IsReady);

    /// <summary>The error that an extension has reported first: that is what the environment ends with.</summary>
    public string? FirstError
    {
        get
        {
            lock (gate) return _firstError;
        }
    }

    public bool IsExternal(string name)
    {
        lock (gate) return _all.Exists(extension => extension.IsExternal && extension.Name == name);
    }

    /// <summary>Registers an extension with the events that it wants.</summary>
    public (RegistrationResult Result, Extension? Extension) Register(string name, IReadOnlyList<string> events)
    {
        lock (gate)
        {
            Extension? extension = _all.Find(extension => extension.Name == name);
            if (extension is null)
            {
                if (isClosed()) return (RegistrationResult.Closed, null);
                if (_all.Count >= MaxExtensions) return (RegistrationResult.TooMany, null);
                _all.Add(extension = new Extension(name, isExternal: false));
            }
            else if (!extension.IsExternal)
                return (isClosed() ? RegistrationResult.Closed : RegistrationResult.NameTaken, null);
            else if (extension.State != ExtensionState.Started)
                return (RegistrationResult.InvalidState, null);
            extension.State = ExtensionState.Registered;
            extension.Events = [.. events.Distinct()];
            if (extension.IsExternal && _all.TrueForAll(static other => !other.IsExternal || other.State != ExtensionState.Started))
                tell(new RuntimeEvent.ExtensionsRegistered());
            return (RegistrationResult.Registered, extension);
        }
    }

    /// <summary>The extension with that identifier.</summary>
    public Extension? Find(string id)
    {
        lock (gate) return _all.Find(extension => extension.Id == id);
    }

    /// <summary>An extension asks for its next event.</summary>
    /// <returns>The event when there is one; nothing if the call is not allowed in this state.</returns>
    public Task<ExtensionEvent>? Next(Extension extension, CancellationToken connectionClosed)
    {
        lock (gate)
        {
            if (!extension.MayAsk) return null;
            TaskCompletionSource<ExtensionEvent> waiter = extension.Ask();
            changed();
            return WaitAsync(extension, waiter, connectionClosed);
        }
    }

    /// <summary>An extension reports that it cannot begin (init/error) or go on (exit/error): its process is expected to end.</summary>
    public bool Fail(Extension extension, bool inInit, string errorType)
    {
        lock (gate)
        {
            ExtensionState failed = inInit ? ExtensionState.InitError : ExtensionState.ExitError;
            if (extension.State == failed) return true; // the first report counts
            bool allowed = inInit
                ? extension.State == ExtensionState.Registered
                : extension.State is ExtensionState.Registered or ExtensionState.Ready or ExtensionState.Running;
            if (!allowed) return false;
            extension.State = failed;
            extension.ErrorType = errorType;
            _firstError ??= inInit ? InitErrorType : ExitErrorType;
            return true;
        }
    }

    /// <summary>The process of an external extension could not be started.</summary>
    public void FailLaunch(string name, string errorType)
    {
        lock (gate)
        {
            Extension extension = _all.First(extension => extension.IsExternal && extension.Name == name);
            (extension.State, extension.ErrorType) = (ExtensionState.LaunchError, errorType);
        }
    }

    /// <summary>An invocation begins. To be called within the lock.</summary>
    public void Deliver(PendingInvocation invocation)
    {
        ExtensionEvent? next = null;
        foreach (Extension extension in _all)
            if (extension.Events.Contains(ExtensionEvent.Invoke)) extension.Deliver(next ??= ExtensionEvent.OfInvocation(invocation));
    }

    /// <summary>The Shutdown phase begins.</summary>
    /// <returns>The names of those that are told, and are given time.</returns>
    public IReadOnlySet<string> Shutdown(string reason, DateTimeOffset deadline)
    {
        lock (gate)
        {
            var told = new HashSet<string>();
            foreach (Extension extension in _all)
            {
                if (!extension.IsExternal || !extension.Events.Contains(ExtensionEvent.Shutdown)) continue;
                extension.Deliver(ExtensionEvent.OfShutdown(reason, deadline));
                told.Add(extension.Name);
            }
            return told;
        }
    }

    /// <summary>The process of an external extension has ended.</summary>
    public void Exit(string name, ExitStatus status)
    {
        lock (gate)
        {
            Extension extension = _all.First(extension => extension.IsExternal && extension.Name == name);
            if (extension.State is not (ExtensionState.InitError or ExtensionState.ExitError)) extension.ErrorType ??= CrashType;
            tell(new RuntimeEvent.Exited(status, _firstError ?? CrashType, name));
        }
    }

    private async Task<ExtensionEvent> WaitAsync(
        Extension extension, TaskCompletionSource<ExtensionEvent> waiter, CancellationToken connectionClosed)
    {
        try
        {
            return await waiter.Task.WaitAsync(connectionClosed);
        }
        finally
        {
            lock (gate) extension.Forget(waiter);
        }
    }
}
