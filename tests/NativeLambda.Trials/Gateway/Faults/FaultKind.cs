namespace NativeLambda.Trials.Gateway.Faults;

/// <summary>What Lambda does with an invocation, which the request's path asks for.</summary>
internal enum FaultKind
{
    /// <summary>Answers.</summary>
    Ok,

    /// <summary>Answers after a while.</summary>
    Slow,

    /// <summary>Answers in pieces of a few bytes, chunked.</summary>
    Pieces,

    /// <summary>Answers with the function's error.</summary>
    FunctionError,

    /// <summary>Is throttled once, then answers.</summary>
    ThrottledOnce,

    /// <summary>Is throttled always.</summary>
    Throttled,

    /// <summary>Answers with an error of the service.</summary>
    ServiceError,

    /// <summary>Answers with a result that is no response.</summary>
    BadResult,

    /// <summary>Answers never.</summary>
    Never,

    /// <summary>Answers with bytes that are no HTTP.</summary>
    Garbage,

    /// <summary>Answers with half of a body.</summary>
    Half,

    /// <summary>Ends the connection without an answer.</summary>
    Closed,

    /// <summary>Resets the connection without an answer.</summary>
    Reset,

    /// <summary>Answers with more than may be.</summary>
    Oversized,

    /// <summary>Streams its response.</summary>
    Stream,

    /// <summary>Streams half of its response.</summary>
    StreamCut,

    /// <summary>Streams bytes with a wrong checksum.</summary>
    StreamCorrupt,

    /// <summary>Streams half of its response, then fails.</summary>
    StreamFailed,

    /// <summary>Answers, but the client has gone.</summary>
    ClientGone,
}

/// <summary>What a client may see of each.</summary>
internal static class FaultKinds
{
    public static IReadOnlyList<FaultKind> All { get; } = Enum.GetValues<FaultKind>();

    public static bool IsStream(this FaultKind kind) => kind is FaultKind.Stream or FaultKind.StreamCut or FaultKind.StreamCorrupt or FaultKind.StreamFailed;

    /// <summary>Whether a response that has begun may be broken off: there is no other way left to say that it is not whole.</summary>
    public static bool MayBreakOff(this FaultKind kind) => kind is FaultKind.StreamCut or FaultKind.StreamCorrupt or FaultKind.StreamFailed;

    /// <summary>The statuses that are right for it. Besides these any may be 503, while Lambda is down and for as long as the gateway leaves it alone.</summary>
    public static IReadOnlyList<int> Statuses(this FaultKind kind) => kind switch
    {
        FaultKind.Ok or FaultKind.Slow or FaultKind.Pieces or FaultKind.Stream => [200],
        FaultKind.ThrottledOnce => [200, 429], // where the gateway is too busy to try again in time
        FaultKind.StreamCut or FaultKind.StreamCorrupt or FaultKind.StreamFailed => [200, 502],
        FaultKind.FunctionError or FaultKind.BadResult => [502],
        FaultKind.Throttled => [429],
        FaultKind.Never => [504],
        FaultKind.Oversized => [502],
        _ => [],
    };

    /// <summary>How often it is chosen, of <see cref="Weights"/>. What breaks connections is rare enough that the endpoint as a whole is not given up.</summary>
    public static int Weight(this FaultKind kind) => kind switch
    {
        FaultKind.Ok => 400,
        FaultKind.Slow or FaultKind.Pieces or FaultKind.ThrottledOnce or FaultKind.Stream => 60,
        FaultKind.FunctionError or FaultKind.BadResult or FaultKind.Throttled or FaultKind.ServiceError => 40,
        FaultKind.Never => 4,
        _ => 15,
    };

    public static int Weights { get; } = All.Sum(static kind => kind.Weight());
}
