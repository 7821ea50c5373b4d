using NativeLambda.Runtime;

namespace NativeLambda.Settings;

/// <summary>An environment variable holds something that is not allowed there, or one that is needed is missing.</summary>
public sealed class SettingsException : InitException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="variable">The name of the environment variable.</param>
    /// <param name="message">What it holds, unless that is secret, and what is allowed.</param>
    public SettingsException(string variable, string message)
        : base("NativeLambda.InvalidSettings", message, inner: null) => Variable = variable;

    /// <summary>The name of the environment variable.</summary>
    public string Variable { get; }
}
