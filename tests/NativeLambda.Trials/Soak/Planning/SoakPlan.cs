using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace NativeLambda.Trials.Soak.Planning;

/// <summary>
/// What the clients ask for and which faults there are: a pure function of the seed and the number of clients. When it happens is
/// up to the machine, so a run with the same seed is the same trial, not the same run.
/// </summary>
/// <param name="seed">The seed.</param>
/// <param name="clients">How many clients ask at once.</param>
internal sealed class SoakPlan(ulong seed, int clients)
{
    /// <summary>How many products there are.</summary>
    public const int Products = 16;

    /// <summary>The largest quantity that the API takes.</summary>
    private const int MaxQuantity = 1_000_000;

    /// <summary>How many operations of each client the hash covers.</summary>
    private const int HashedOperations = 500;

    // A deck: each of these is dealt once before one comes again, so that a short run meets them all.
    private static readonly FaultKind[] Deck =
    [
        .. Enum.GetValues<FaultKind>(),
        FaultKind.TerminateIdle, FaultKind.TerminateIdle, FaultKind.TerminateInStatement, FaultKind.LoseAnswers, FaultKind.LoseAnswers,
        FaultKind.Reset, FaultKind.Swallow, FaultKind.RestartImmediate, FaultKind.KillEnvironment, FaultKind.Lull, FaultKind.Lull,
    ];

    public ulong Seed => seed;

    public int Clients => clients;

    /// <summary>The id of a product in the API.</summary>
    public static string ProductId(int product) => string.Create(CultureInfo.InvariantCulture, $"p{product}");

    /// <summary>The operations of a client, as many as one likes. The client after the last one makes the writes at the end.</summary>
    public IEnumerable<PlannedOperation> Operations(int client)
    {
        var random = new SeededRandom(seed, 1 + client);
        var writes = new int[Products];
        for (int index = 0; ; index++)
        {
            TimeSpan pause = Pause(random);
            OperationKind kind = random.Below(100) switch
            {
                < 45 => OperationKind.Read,
                < 50 => OperationKind.List,
                < 75 => OperationKind.Write,
                _ => OperationKind.KeyedWrite,
            };
            int product = random.Below(Products);
            // More comes in than goes out, or most would be refused.
            bool isOut = random.Below(100) < 35;
            int quantity = 0;
            if (kind is OperationKind.Write or OperationKind.KeyedWrite)
            {
                quantity = Quantity(client, writes[product]++);
                quantity = isOut ? -quantity : quantity;
            }

            yield return new PlannedOperation(kind, client, index, pause, product, quantity);
        }
    }

    /// <summary>The faults whose turn comes, by the plan, before a time has passed.</summary>
    public IEnumerable<PlannedFault> Faults(TimeSpan until)
    {
        var random = new SeededRandom(seed, 0);
        TimeSpan at = TimeSpan.Zero;
        var deck = new List<FaultKind>();
        for (int index = 0; ; index++)
        {
            if (deck.Count == 0)
                deck.AddRange(Deck);
            int card = random.Below(deck.Count);
            FaultKind kind = deck[card];
            deck.RemoveAt(card);
            TimeSpan pause = random.Below(100) < 15 ? random.Between(20, 100) : random.Between(200, 2500);
            var fault = new PlannedFault(kind, index, pause, Length(kind, random), random.Below(1000));
            at += pause;
            if (at >= until)
                yield break;
            yield return fault;
            at += fault.Length;
        }
    }

    /// <summary>A short name for all that is planned for a time: equal where the plans are.</summary>
    public string Hash(TimeSpan until)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (PlannedFault fault in Faults(until))
            Append($"{fault.Kind} {fault.Pause.Ticks} {fault.Length.Ticks} {fault.Choice}");
        for (int client = 0; client < clients; client++)
        {
            foreach (PlannedOperation operation in Operations(client).Take(HashedOperations))
                Append($"{operation.Kind} {operation.Pause.Ticks} {operation.Product} {operation.Quantity}");
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 6));

        void Append(FormattableString line) => hash.AppendData(Encoding.UTF8.GetBytes(line.ToString(CultureInfo.InvariantCulture) + "\n"));
    }

    /// <summary>A quantity that no other write of the product has, whatever its sign.</summary>
    private int Quantity(int client, int write)
    {
        long quantity = 1 + client + ((long)write * (clients + 1));
        return quantity <= MaxQuantity ? (int)quantity : throw new InvalidOperationException("The plan has no quantities left: it is for some days.");
    }

    private static TimeSpan Pause(SeededRandom random) => random.Below(100) switch
    {
        < 70 => random.Between(0, 60),
        < 90 => random.Between(60, 400),
        < 98 => random.Between(400, 1500),
        _ => random.Between(1500, 6000),
    };

    private static TimeSpan Length(FaultKind kind, SeededRandom random) => kind switch
    {
        FaultKind.TerminateInStatement or FaultKind.LoseAnswers => TimeSpan.FromMilliseconds(1500),
        FaultKind.RestartFast or FaultKind.RestartImmediate => random.Between(0, 2000),
        FaultKind.Suspend => random.Below(100) < 20 ? LongerThanAnInvocation(random) : random.Between(200, 3000),
        FaultKind.FillSlots => random.Between(1000, 4000),
        FaultKind.Refuse or FaultKind.Ignore => random.Below(100) < 20 ? LongerThanAnInvocation(random) : random.Between(500, 3000),
        FaultKind.LockRows => random.Below(100) < 25 ? LongerThanAnInvocation(random) : random.Between(300, 2000),
        FaultKind.SlowNetwork => random.Between(1000, 4000),
        FaultKind.Lull => random.Between(300, 8000),
        FaultKind.RotatePassword => TimeSpan.FromSeconds(3),
        _ => TimeSpan.Zero,
    };

    private static TimeSpan LongerThanAnInvocation(SeededRandom random) => random.Between(8500, 10_500);
}
