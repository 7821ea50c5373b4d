using Microsoft.Extensions.Time.Testing;
using NativeLambda.Emulator.Dashboard.Feed;
using NativeLambda.Emulator.Environments;
using NativeLambda.Emulator.Freezing;

namespace NativeLambda.Tests.Emulator.Dashboard;

public sealed class FleetTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly Fleet _fleet;

    public FleetTests() => _fleet = new Fleet(_time);

    [Theory]
    [InlineData(EnvironmentState.Initializing, false, false, nameof(Phase.Init))]
    [InlineData(EnvironmentState.Initializing, false, true, nameof(Phase.Init))]
    [InlineData(EnvironmentState.Idle, false, true, nameof(Phase.Idle))]
    [InlineData(EnvironmentState.Busy, false, false, nameof(Phase.Busy))]
    [InlineData(EnvironmentState.Busy, false, true, nameof(Phase.Reopening))]
    [InlineData(EnvironmentState.Busy, true, true, nameof(Phase.Held))]
    [InlineData(EnvironmentState.Frozen, false, true, nameof(Phase.Frozen))]
    [InlineData(EnvironmentState.Reset, false, true, nameof(Phase.Reset))]
    [InlineData(EnvironmentState.Stopping, false, false, nameof(Phase.Stopping))]
    [InlineData(EnvironmentState.Dead, false, false, nameof(Phase.Dead))]
    public void A_phase_is_the_state_and_what_is_known_of_the_backend(EnvironmentState state, bool held, bool lost, string expected) =>
        Assert.Equal(expected, PhaseRules.Of(state, held, lost).ToString());

    [Fact]
    public void A_backend_that_goes_while_frozen_makes_the_next_invocation_a_reopening_one()
    {
        See("a", EnvironmentState.Frozen);
        Backend("a", 11);
        Backend("a", null);
        Assert.True(Get("a").BackendLost);
        Assert.Equal(Phase.Frozen, Get("a").Phase);

        See("a", EnvironmentState.Busy);
        Assert.Equal(Phase.Reopening, Get("a").Phase);
        Backend("a", 12);
        Assert.Equal((Phase.Busy, 12, 1, false), (Get("a").Phase, Get("a").BackendPid, Get("a").Reopens, Get("a").BackendLost));
    }

    [Fact]
    public void Another_backend_counts_as_a_reopening_even_if_the_gap_was_not_seen()
    {
        See("a", EnvironmentState.Frozen);
        Backend("a", 11);
        Backend("a", 12);
        Assert.Equal(1, Get("a").Reopens);
    }

    [Fact]
    public void The_first_backend_is_no_reopening_and_another_process_begins_anew()
    {
        See("a", EnvironmentState.Frozen);
        Backend("a", null);
        Backend("a", 11);
        Assert.Equal(0, Get("a").Reopens);
        See("a", EnvironmentState.Reset, processId: null);
        Backend("a", null);
        See("a", EnvironmentState.Busy, processId: 2);
        Assert.Equal((Phase.Busy, false, 0), (Get("a").Phase, Get("a").BackendLost, Get("a").Reopens));
    }

    [Fact]
    public void Only_what_has_changed_is_read_again()
    {
        See("a", EnvironmentState.Frozen);
        See("b", EnvironmentState.Frozen);
        long version = _fleet.Read(0, static _ => { }, static _ => { });
        Assert.Empty(Changed(version));
        See("b", EnvironmentState.Busy);
        Assert.Equal(["b"], Changed(version));
        Assert.Equal(["a", "b"], Changed(0));
    }

    [Fact]
    public void The_dead_are_shown_for_a_while_and_then_reported_gone()
    {
        See("a", EnvironmentState.Frozen);
        See("a", EnvironmentState.Dead, processId: null);
        long version = _fleet.Read(0, static _ => { }, static _ => { });
        Assert.Throws<ArgumentException>(() => _fleet.BackendOf("a"));
        _time.Advance(Fleet.DeadShown);
        var gone = new List<string>();
        _fleet.Read(version, static _ => Assert.Fail("nothing has changed"), gone.Add);
        Assert.Equal(["a"], gone);
        Assert.Empty(Changed(0));
        See("a", EnvironmentState.Dead, processId: null); // told late
        Assert.Empty(Changed(0));
    }

    [Fact]
    public void Of_many_dead_only_some_are_shown()
    {
        for (int i = 0; i < Fleet.MaxDead + 10; i++)
        {
            See($"{i}", EnvironmentState.Frozen);
            See($"{i}", EnvironmentState.Dead, processId: null);
        }
        Assert.Equal(Fleet.MaxDead, Changed(0).Count);
    }

    [Fact]
    public void The_phases_of_an_environment_are_remembered_up_to_a_limit()
    {
        for (int i = 0; i < TrackedEnvironment.KeptSpans; i++)
        {
            See("a", EnvironmentState.Busy);
            See("a", EnvironmentState.Busy); // the same phase still
            See("a", EnvironmentState.Frozen);
        }
        Assert.Equal(TrackedEnvironment.KeptSpans, Get("a").Spans.Count);
        Assert.Equal(Phase.Frozen, Get("a").Spans.Last().Phase);
        Assert.Equal(Phase.Busy, Get("a").Spans.First().Phase);
    }

    private void See(string id, EnvironmentState state, int? processId = 1) => _fleet.Observe("f", () => new EnvironmentSnapshot
    {
        Id = id, State = state, ProcessId = processId, FreezeMethod = FreezeMethod.Signal, RuntimeApi = new Uri("http://127.0.0.1:1/"),
    });

    private void Backend(string id, int? pid) =>
        _fleet.ObserveBackends(pid is { } found ? new Dictionary<string, int> { [id] = found } : []);

    private TrackedEnvironment Get(string id)
    {
        TrackedEnvironment? found = null;
        _fleet.Read(0, environment => found = environment.Snapshot.Id == id ? environment : found, static _ => { });
        return found!;
    }

    private List<string> Changed(long since)
    {
        var changed = new List<string>();
        _fleet.Read(since, environment => changed.Add(environment.Snapshot.Id), static _ => { });
        return changed;
    }
}
