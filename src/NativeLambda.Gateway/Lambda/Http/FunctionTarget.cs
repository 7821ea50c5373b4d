using System.Text;
using NativeLambda.Database.Credentials;

namespace NativeLambda.Gateway.Lambda.Http;

/// <summary>What is the same for all invocations of a function by an operation: the address, and what of it is signed.</summary>
internal sealed class FunctionTarget
{
    private FunctionTarget(InvokeOperation operation, Uri address, byte[] head, string canonicalPath, string canonicalQuery)
    {
        Operation = operation;
        Address = address;
        Head = head;
        CanonicalPath = canonicalPath;
        CanonicalQuery = canonicalQuery;
    }

    public InvokeOperation Operation { get; }

    public Uri Address { get; }

    /// <summary>How a request of HTTP/1.1 begins: its first line, and the headers that are always the same.</summary>
    public byte[] Head { get; }

    public string CanonicalPath { get; }

    public string CanonicalQuery { get; }

    /// <param name="endpoint">Where Lambda is.</param>
    /// <param name="function">The function, as callers name it.</param>
    /// <param name="qualifier">The version or alias; null for none.</param>
    /// <param name="operation">The operation.</param>
    public static FunctionTarget Of(LambdaEndpoint endpoint, string function, string? qualifier, InvokeOperation operation)
    {
        string path = $"{endpoint.Address.AbsolutePath}{operation.Version}/functions/{Uri.EscapeDataString(function)}/{operation.Resource}";
        string query = string.IsNullOrEmpty(qualifier) ? "" : SigV4.CanonicalQuery(("Qualifier", qualifier));
        string target = query.Length == 0 ? path : $"{path}?{query}";
        // What was signed is what is sent: the address is taken as it is written.
        var address = new Uri(
            endpoint.Address.GetLeftPart(UriPartial.Authority) + target,
            new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
        byte[] head = Encoding.ASCII.GetBytes(
            $"POST {target} HTTP/1.1\r\nHost: {endpoint.Host}\r\nContent-Type: {RequestSigner.ContentType}\r\nX-Amz-Invocation-Type: {operation.InvocationType}\r\n");
        return new FunctionTarget(operation, address, head, Signing.CanonicalPath.Of(path), query);
    }
}
