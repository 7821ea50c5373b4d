namespace NativeLambda.Payloads;

/// <summary>How an HTTP request is written as an event, and a function's result is read as an HTTP response.</summary>
public enum PayloadFormat
{
    /// <summary>
    /// Payload format 2.0 of HTTP APIs. Source:
    /// <see href="https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html">API Gateway,
    /// Lambda proxy integrations for HTTP APIs</see>.
    /// </summary>
    Version2,

    /// <summary>Payload format 1.0 of HTTP APIs, which is that of REST APIs, too. Source: as for <see cref="Version2"/>.</summary>
    Version1,

    /// <summary>
    /// An Application Load Balancer's, with single values. Source:
    /// <see href="https://docs.aws.amazon.com/elasticloadbalancing/latest/application/lambda-functions.html">Elastic Load Balancing,
    /// Lambda functions as targets</see>.
    /// </summary>
    LoadBalancer,

    /// <summary>An Application Load Balancer's, with <c>lambda.multi_value_headers.enabled</c>. Source: as for <see cref="LoadBalancer"/>.</summary>
    LoadBalancerMultiValue,

    /// <summary>
    /// Payload format 2.0 of function URLs, which leave the path encoded and the cookies among the headers, too. Source:
    /// <see href="https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html#urls-payloads">Lambda, function URL payloads</see>.
    /// </summary>
    FunctionUrl,
}
