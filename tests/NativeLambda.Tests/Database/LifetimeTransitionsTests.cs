using NativeLambda.Database;

namespace NativeLambda.Tests.Database;

public sealed class LifetimeTransitionsTests
{
    private static readonly Dictionary<(LifetimeState, LifetimeEvent), LifetimeState> Table = new()
    {
        [(LifetimeState.Absent, LifetimeEvent.OpenStarted)] = LifetimeState.Opening,
        [(LifetimeState.Opening, LifetimeEvent.OpenSucceeded)] = LifetimeState.Idle,
        [(LifetimeState.Opening, LifetimeEvent.OpenFailed)] = LifetimeState.Absent,
        [(LifetimeState.Idle, LifetimeEvent.InvocationArrived)] = LifetimeState.Checking,
        [(LifetimeState.Idle, LifetimeEvent.HandlerStarted)] = LifetimeState.Lent,
        [(LifetimeState.Checking, LifetimeEvent.CheckFailed)] = LifetimeState.Absent,
        [(LifetimeState.Checking, LifetimeEvent.HandlerStarted)] = LifetimeState.Lent,
        [(LifetimeState.Lent, LifetimeEvent.HandlerEnded)] = LifetimeState.TakingBack,
        [(LifetimeState.Lent, LifetimeEvent.Discarded)] = LifetimeState.Absent,
        [(LifetimeState.TakingBack, LifetimeEvent.Cleaned)] = LifetimeState.Idle,
        [(LifetimeState.TakingBack, LifetimeEvent.Discarded)] = LifetimeState.Absent,
    };

    public static TheoryData<string, string> EveryPair()
    {
        var pairs = new TheoryData<string, string>();
        foreach (LifetimeState state in Enum.GetValues<LifetimeState>())
        {
            foreach (LifetimeEvent happened in Enum.GetValues<LifetimeEvent>())
                pairs.Add(state.ToString(), happened.ToString());
        }

        return pairs;
    }

    [Theory]
    [MemberData(nameof(EveryPair))]
    public void A_transition_is_in_the_table_or_throws(string stateName, string eventName)
    {
        LifetimeState state = Enum.Parse<LifetimeState>(stateName);
        LifetimeEvent happened = Enum.Parse<LifetimeEvent>(eventName);
        if (happened == LifetimeEvent.ShutDown && state != LifetimeState.Closed)
            Assert.Equal(LifetimeState.Closed, state.After(happened));
        else if (Table.TryGetValue((state, happened), out LifetimeState next))
            Assert.Equal(next, state.After(happened));
        else
            Assert.Contains(stateName, Assert.Throws<InvalidOperationException>(() => state.After(happened)).Message, StringComparison.Ordinal);
    }
}
