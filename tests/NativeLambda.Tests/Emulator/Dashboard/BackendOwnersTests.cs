using NativeLambda.Emulator.Dashboard.Backends;

namespace NativeLambda.Tests.Emulator.Dashboard;

public sealed class BackendOwnersTests
{
    private const string First = "0123456789abcdef0123456789abcdef";
    private const string Second = "fedcba98765432100123456789abcdef";

    private readonly Dictionary<string, int> _environments = new() { [First] = 100, [Second] = 200 };
    private readonly Dictionary<int, string> _ports = [];
    private readonly Dictionary<int, int> _proxied = [];
    private readonly BackendOwners _owners;
    private int _looks;

    public BackendOwnersTests() => _owners = new BackendOwners(
        _ =>
        {
            _looks++;
            return _ports;
        },
        port => _proxied.TryGetValue(port, out int client) ? client : null);

    [Fact]
    public void A_backend_belongs_to_whose_process_has_its_port()
    {
        _ports[4001] = First;
        _ports[4002] = Second;
        Assert.Equal(
            new Dictionary<string, int> { [First] = 11, [Second] = 12 },
            _owners.Resolve([new BackendSession(11, 4001, ""), new BackendSession(12, 4002, "")], _environments));
    }

    [Fact]
    public void Behind_a_proxy_the_client_s_own_port_counts()
    {
        _ports[4001] = First;
        _proxied[5001] = 4001;
        Assert.Equal(new Dictionary<string, int> { [First] = 11 }, _owners.Resolve([new BackendSession(11, 5001, "")], _environments));
    }

    [Fact]
    public void The_kernel_s_word_counts_more_than_the_client_s()
    {
        _ports[4001] = First;
        Assert.Equal(
            new Dictionary<string, int> { [First] = 11 },
            _owners.Resolve([new BackendSession(11, 4001, "products/$LATEST/fedcba98")], _environments));
    }

    [Theory]
    [InlineData("products/$LATEST/fedcba98", true)]
    [InlineData("products/$LATEST/fedcba9", false)]
    [InlineData("products/$LATEST/00000000", false)]
    [InlineData("fedcba98", false)]
    [InlineData("", false)]
    public void Without_a_port_the_name_tells(string name, bool found)
    {
        Dictionary<string, int> backends = _owners.Resolve([new BackendSession(11, null, name)], _environments);
        Assert.Equal(found, backends.TryGetValue(Second, out int pid) && pid == 11);
    }

    [Fact]
    public void The_kernel_is_asked_once_for_a_session_and_a_few_times_for_one_that_is_nobody_s()
    {
        _ports[4001] = First;
        for (int i = 0; i < 10; i++) _owners.Resolve([new BackendSession(11, 4001, "")], _environments);
        Assert.Equal(1, _looks);
        for (int i = 0; i < 10; i++) _owners.Resolve([new BackendSession(11, 4001, ""), new BackendSession(12, 9999, "psql")], _environments);
        Assert.Equal(1 + BackendOwners.Attempts, _looks);
    }

    [Fact]
    public void Of_several_sessions_the_youngest_counts_until_it_is_gone()
    {
        _ports[4001] = First;
        _ports[4002] = First;
        BackendSession old = new(11, 4001, ""), young = new(12, 4002, "");
        Assert.Equal(new Dictionary<string, int> { [First] = 12 }, _owners.Resolve([old, young], _environments));
        Assert.Equal(new Dictionary<string, int> { [First] = 11 }, _owners.Resolve([old], _environments));
    }

    [Fact]
    public void A_port_that_another_environment_has_now_is_another_session_s()
    {
        _ports[4001] = First;
        _owners.Resolve([new BackendSession(11, 4001, "")], _environments);
        _ports[4001] = Second;
        Assert.Equal(new Dictionary<string, int> { [Second] = 12 }, _owners.Resolve([new BackendSession(12, 4001, "")], _environments));
    }

    [Fact]
    public void An_environment_that_is_gone_has_no_backend()
    {
        _ports[4001] = First;
        _owners.Resolve([new BackendSession(11, 4001, "")], _environments);
        _environments.Remove(First);
        Assert.Empty(_owners.Resolve([new BackendSession(11, 4001, "")], _environments));
    }
}
