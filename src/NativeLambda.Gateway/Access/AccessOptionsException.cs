namespace NativeLambda.Gateway.Access;

/// <summary>An option cannot be as it is.</summary>
/// <param name="option">Its path below the record that it belongs to, such as <c>apiKeys[2].file</c>.</param>
/// <param name="message">What is wrong and what to do.</param>
internal sealed class AccessOptionsException(string option, string message) : Exception($"{option}: {message}")
{
    public string Option => option;

    public string Reason => message;
}
