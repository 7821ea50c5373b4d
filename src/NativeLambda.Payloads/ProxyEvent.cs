using System.Buffers;
using NativeLambda.Payloads.Events;

namespace NativeLambda.Payloads;

/// <summary>Writes an HTTP request as the event that a function gets of it.</summary>
public static class ProxyEvent
{
    /// <summary>Writes the event, as UTF-8 JSON without white space.</summary>
    /// <param name="request">The request.</param>
    /// <param name="format">The event's format.</param>
    /// <param name="output">Where it goes: nothing but the event is written, and what was written before stays.</param>
    public static void Write(ProxyRequest request, PayloadFormat format, IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(output);
        int count = request.Headers.Count;
        var headers = new HeaderTable(
            request.Headers,
            count <= HeaderTable.FewEnough ? stackalloc HeaderKind[count] : new HeaderKind[count],
            count <= HeaderTable.FewEnough ? stackalloc SameName[count] : new SameName[count]);
        headers.Build();
        var json = new JsonOutput(output);
        switch (format)
        {
            case PayloadFormat.Version2 or PayloadFormat.FunctionUrl:
                Version2Event.Write(ref json, request, headers, functionUrl: format == PayloadFormat.FunctionUrl);
                break;
            case PayloadFormat.Version1:
                Version1Event.Write(ref json, request, headers);
                break;
            case PayloadFormat.LoadBalancer or PayloadFormat.LoadBalancerMultiValue:
                LoadBalancerEvent.Write(ref json, request, headers, multiValue: format == PayloadFormat.LoadBalancerMultiValue);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(format), format, "There is no such payload format.");
        }
        json.Flush();
    }
}
