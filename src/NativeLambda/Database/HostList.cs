using NativeLambda.Settings;

namespace NativeLambda.Database;

/// <summary>Several hosts, and one port for all or one for each, as libpq takes them.</summary>
/// <remarks>Source: <see href="https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-MULTIPLE-HOSTS">PostgreSQL, specifying multiple hosts</see>.</remarks>
internal static class HostList
{
    private const int DefaultPort = 5432;

    /// <exception cref="SettingsException">A host is empty, a port is none, or their numbers differ.</exception>
    public static List<DatabaseHost> Read(string hosts, string hostsWhere, string? ports, string portsWhere)
    {
        string[] names = hosts.Split(',');
        string[] numbers = ports?.Split(',') ?? [""];
        if (numbers.Length != 1 && numbers.Length != names.Length)
            throw VariableReader.Refuse(portsWhere, ports!, $"use one port for all {names.Length} hosts or one for each");
        if (Array.Exists(names, name => name.Length == 0))
            throw VariableReader.Refuse(hostsWhere, hosts, "a host between the commas is empty");
        var list = new List<DatabaseHost>(names.Length);
        for (int i = 0; i < names.Length; i++)
        {
            string number = numbers[numbers.Length == 1 ? 0 : i];
            list.Add(new DatabaseHost(names[i], number.Length == 0 ? DefaultPort : VariableReader.Port(portsWhere, number)));
        }

        return list;
    }
}
