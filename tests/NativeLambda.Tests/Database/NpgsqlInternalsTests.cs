using System.Net.Security;
using System.Reflection;
using Npgsql;
using Npgsql.Internal;

#pragma warning disable NPG9001 // This is the guard for what is internal by name.

namespace NativeLambda.Tests.Database;

/// <summary>Fails when an upgrade of Npgsql moves a member that the lifetime reaches into.</summary>
public sealed class NpgsqlInternalsTests
{
    private const BindingFlags Instance = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;

    [Theory]
    [InlineData(typeof(NpgsqlConnection), "get_Connector", typeof(NpgsqlConnector))]
    [InlineData(typeof(NpgsqlConnector), "get_InTransaction", typeof(bool))]
    [InlineData(typeof(NpgsqlConnector), "get_Transaction", typeof(NpgsqlTransaction))]
    [InlineData(typeof(NpgsqlConnector), "PerformPostgresCancellation", typeof(bool))]
    [InlineData(typeof(NpgsqlTransaction), "UnbindIfNecessary", typeof(void))]
    [InlineData(typeof(NpgsqlDataSource), "get_SslClientAuthenticationOptionsCallback", typeof(Action<SslClientAuthenticationOptions>))]
    public void A_method_is_where_it_was(Type type, string name, Type returns)
    {
        MethodInfo? method = type.GetMethod(name, Instance, []);
        Assert.Equal(returns, method?.ReturnType);
    }

    [Fact]
    public void So_is_the_one_that_puts_a_message_before_the_next_statement()
    {
        MethodInfo? method = typeof(NpgsqlConnector).GetMethod("PrependInternalMessage", Instance, [typeof(byte[]), typeof(int)]);
        Assert.Equal(typeof(void), method?.ReturnType);
    }

    [Theory]
    [InlineData(typeof(NpgsqlConnector), "_socket", typeof(System.Net.Sockets.Socket))]
    [InlineData(typeof(NpgsqlConnector), "CurrentReader", typeof(NpgsqlDataReader))]
    [InlineData(typeof(NpgsqlConnection), "Notice", typeof(NoticeEventHandler))]
    [InlineData(typeof(NpgsqlConnection), "Notification", typeof(NotificationEventHandler))]
    public void A_field_is_where_it_was(Type type, string name, Type holds)
    {
        FieldInfo? field = type.GetField(name, Instance);
        Assert.Equal(holds, field?.FieldType);
    }
}
