using System.Net.Sockets;
using NativeLambda.Database;
using Npgsql;

namespace NativeLambda.Tests.Database;

public sealed class OpenFailureTests
{
    private static readonly Exception Unreachable = new NpgsqlException("Failed to connect", new SocketException((int)SocketError.ConnectionRefused));

    /// <summary>As Npgsql reports several hosts that failed in different ways.</summary>
    private static NpgsqlException Hosts(params Exception[] failures) =>
        new("Unable to connect to a suitable host. Check inner exception for more details.", new AggregateException(failures));

    private static PostgresException Refused(string sqlState) => new("no", "FATAL", "FATAL", sqlState);

    [Fact]
    public void One_host_that_may_answer_later_makes_the_failure_of_all_transient_and_every_reason_is_told()
    {
        OpenFailure failure = OpenFailure.Classify(Hosts(Refused(SqlStates.InvalidCatalogName), Unreachable));
        Assert.True(failure.IsTransient);
        Assert.False(failure.IsRefusedCredential);
        Assert.Contains("3D000", failure.Reason, StringComparison.Ordinal);
        Assert.Contains("ConnectionRefused", failure.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_password_that_the_host_after_a_dead_one_refuses_is_known_as_refused() =>
        Assert.True(OpenFailure.Classify(Hosts(Unreachable, Refused(SqlStates.InvalidPassword))).IsRefusedCredential);

    [Fact]
    public void Hosts_that_all_refuse_for_good_are_permanent()
    {
        OpenFailure failure = OpenFailure.Classify(Hosts(Refused(SqlStates.InvalidCatalogName), Refused(SqlStates.InsufficientPrivilege)));
        Assert.False(failure.IsTransient);
        Assert.Contains("3D000", failure.Reason, StringComparison.Ordinal);
        Assert.Contains("42501", failure.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void What_all_hosts_say_is_told_once() =>
        Assert.Equal(OpenFailure.Classify(Unreachable), OpenFailure.Classify(Hosts(Unreachable, Unreachable)));

    [Fact]
    public void A_connection_that_ends_where_TLS_should_begin_is_explained_by_the_age_of_the_server()
    {
        var closed = new NpgsqlException("Exception while performing SSL handshake", new IOException("Received an unexpected EOF or 0 bytes from the transport stream."));
        OpenFailure direct = OpenFailure.Classify(closed, directTls: true);
        Assert.True(direct.IsTransient);
        Assert.Contains("PGSSLNEGOTIATION=direct needs PostgreSQL 17", direct.Reason, StringComparison.Ordinal);
        Assert.DoesNotContain("PGSSLNEGOTIATION", OpenFailure.Classify(closed).Reason, StringComparison.Ordinal);
    }
}
