namespace NativeLambda.Emulator.Dashboard.Feed;

/// <summary>What is known of the database server.</summary>
internal sealed record DatabaseFacts
{
    /// <summary><c>up</c>, <c>down</c> (refuses, or is starting or shutting down) or <c>silent</c> (does not answer).</summary>
    public required string State { get; init; }

    /// <summary>Sessions of clients, those of control excluded.</summary>
    public int Connections { get; init; }

    public int MaxConnections { get; init; }

    /// <summary>Slots that only superusers get.</summary>
    public int Reserved { get; init; }

    /// <summary>Sessions that belong to no environment.</summary>
    public int Foreign { get; init; }

    /// <summary>Whether the server can be restarted from here.</summary>
    public bool CanRestart { get; init; }
}
