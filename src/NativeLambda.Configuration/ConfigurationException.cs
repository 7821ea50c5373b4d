namespace NativeLambda.Configuration;

/// <summary>A configuration file is not as it should be. The message names file, line, column and path, never a value.</summary>
public sealed class ConfigurationException : Exception
{
    internal ConfigurationException(string message, Exception? inner = null) : base(message, inner) { }

    internal static ConfigurationException At(string file, ConfigNode node, string message) =>
        new($"{file}:{node.Line}:{node.Column}: {(node.Path.Length > 0 ? node.Path + ": " : "")}{message}");
}
