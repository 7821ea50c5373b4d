namespace NativeLambda.IntegrationTests.Fixtures;

/// <summary>Which way bytes go through a proxy.</summary>
public enum TrafficDirection
{
    ToServer,
    ToClient,
}
