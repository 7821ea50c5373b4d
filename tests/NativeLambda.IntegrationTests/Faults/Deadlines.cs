namespace NativeLambda.IntegrationTests.Faults;

/// <summary>For tests that wait for a deadline: near, but with a margin in which a machine that is busy with other tests can answer.</summary>
internal static class Deadlines
{
    public static readonly TimeSpan Near = TimeSpan.FromSeconds(6);

    /// <summary>A tenth of it, the most that the function takes.</summary>
    public static readonly (string Name, string Value) Margin = ("NATIVELAMBDA_DEADLINE_MARGIN", "600ms");

    /// <summary>Every gap is long enough for a ping.</summary>
    public static readonly (string Name, string Value) PingAlways = ("NATIVELAMBDA_PING_AFTER", "0s");

    /// <summary>No gap is.</summary>
    public static readonly (string Name, string Value) PingNever = ("NATIVELAMBDA_PING_AFTER", "24h");
}
