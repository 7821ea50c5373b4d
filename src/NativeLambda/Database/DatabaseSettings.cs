using NativeLambda.Settings;
using NativeLambda.Telemetry;

namespace NativeLambda.Database;

/// <summary>All settings of the live connection.</summary>
/// <param name="Connection">Where the database is and how to log in.</param>
/// <param name="Lifetime">How long the connection lives and when it is checked.</param>
public sealed record DatabaseSettings(ConnectionSettings Connection, LifetimeSettings Lifetime)
{
    /// <summary>What the server is asked to do by itself.</summary>
    public ServerSettings Server { get; init; } = new();

    /// <summary>What is done when the server's connection slots run short.</summary>
    public PressureSettings Pressure { get; init; } = new();

    /// <summary>What is told of the lifetime besides the log.</summary>
    public TelemetrySettings Telemetry { get; init; } = new();

    /// <summary>Reads the settings from the process's environment variables.</summary>
    /// <exception cref="SettingsException">A variable is missing or holds a value that is not allowed.</exception>
    public static DatabaseSettings FromEnvironment() => FromVariables(Environment.GetEnvironmentVariable);

    /// <summary>Reads the settings from variables that <paramref name="get"/> looks up.</summary>
    /// <param name="get">Returns the value of a variable, or <see langword="null"/>.</param>
    /// <exception cref="SettingsException">A variable is missing or holds a value that is not allowed.</exception>
    public static DatabaseSettings FromVariables(Func<string, string?> get)
    {
        ArgumentNullException.ThrowIfNull(get);
        var variables = new VariableReader(get);
        return new DatabaseSettings(ConnectionSettingsReader.Read(variables), LifetimeSettings.FromVariables(variables))
        {
            Server = ServerSettings.FromVariables(variables),
            Pressure = PressureSettings.FromVariables(variables),
            Telemetry = TelemetrySettings.FromVariables(variables),
        };
    }
}
