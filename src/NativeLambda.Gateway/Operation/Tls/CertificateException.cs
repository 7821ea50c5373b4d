namespace NativeLambda.Gateway.Operation.Tls;

/// <summary>A listener's certificate cannot be used; the message names the file and what is wrong with it.</summary>
internal sealed class CertificateException(string message, Exception? cause = null) : Exception(message, cause);
