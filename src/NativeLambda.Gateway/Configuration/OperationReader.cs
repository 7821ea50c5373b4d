using System.Net;
using System.Text.Json;
using NativeLambda.Configuration;
using NativeLambda.Gateway.Operation;
using NativeLambda.Gateway.Operation.Draining;
using NativeLambda.Gateway.Operation.Logging;
using NativeLambda.Gateway.Operation.Management;

namespace NativeLambda.Gateway.Configuration;

/// <summary>Reads how the gateway is operated.</summary>
internal static class OperationReader
{
    public static OperationOptions Read(ConfigObject file, string folder) => new()
    {
        Management = file.IsOff("management") ? null : ReadManagement(file.Object("management")),
        AccessLog = file.IsOff("accessLog") ? null : ReadAccessLog(file.Object("accessLog"), folder),
        Drain = ReadDrain(file.Object("drain")),
    };

    private static ManagementOptions ReadManagement(ConfigObject? read)
    {
        ManagementOptions defaults = ManagementOptions.Default;
        if (read is null) return defaults;
        IPAddress? address = defaults.Address;
        if (read.Text("address") is { } text && !IPAddress.TryParse(text, out address)) read.Report("address", "an IP address of this machine is expected");
        var options = new ManagementOptions(address ?? defaults.Address, read.Integer("port", 0, ushort.MaxValue) ?? defaults.Port)
        {
            Prometheus = read.Flag("prometheus") ?? defaults.Prometheus,
        };
        read.RequireNoMore();
        return options;
    }

    private static AccessLogOptions ReadAccessLog(ConfigObject? read, string folder)
    {
        var defaults = new AccessLogOptions();
        if (read is null) return defaults;
        var options = new AccessLogOptions { File = read.Path("file", folder), Fields = ReadFields(read) ?? defaults.Fields };
        read.RequireNoMore();
        return options;
    }

    private static List<AccessLogField>? ReadFields(ConfigObject read)
    {
        if (read.TextList("fields") is not { } names) return null;
        Dictionary<string, AccessLogField> known = Enum.GetValues<AccessLogField>().ToDictionary(static field => JsonNamingPolicy.CamelCase.ConvertName(field.ToString()));
        var fields = new List<AccessLogField>();
        foreach (ConfigNode name in names)
        {
            if (!known.TryGetValue(name.Text, out AccessLogField field)) read.Report(name, $"one of {string.Join(", ", known.Keys)} is expected");
            else if (fields.Contains(field)) read.Report(name, "it is given twice");
            else fields.Add(field);
        }
        return fields;
    }

    private static DrainOptions ReadDrain(ConfigObject? read)
    {
        DrainOptions defaults = DrainOptions.Default;
        if (read is null) return defaults;
        var options = new DrainOptions(read.Seconds("delay") ?? defaults.Delay, read.Seconds("timeout") ?? defaults.Timeout);
        read.RequireNoMore();
        return options;
    }
}
