namespace NativeLambda.IntegrationTests.Deploy;

/// <summary>The template and the module are right by the schemas of CloudFormation and of the AWS provider, and what is not is found.</summary>
public sealed class InfrastructureCheckTests
{
    /// <summary>Mistakes: the file, what stands there, what is written instead, and what the check says.</summary>
    private static readonly (string File, string Old, string New, string Finding)[] Mistakes =
    [
        ("template.yaml", "      MemorySize: !Ref", "      MemorySizes: !Ref", "Function: MemorySizes is no property of it"),
        ("template.yaml", "        LogFormat: JSON", "        LogFormats: JSON", "Function.LoggingConfig: LogFormats is no property of it"),
        ("template.yaml", "      RoleArn: !GetAtt ProxyRole.Arn\n", "", "Proxy: RoleArn is required"),
        ("template.yaml", "      RequireTLS: true", "      RequireTLS: sure", "Proxy.RequireTLS: must be boolean"),
        ("template.yaml", "      VpcId: !Ref VpcId", "      VpcId: [!Ref VpcId]", "FunctionSecurityGroup.VpcId: must be string"),
        ("template.yaml", "SubnetIds: !Ref SubnetIds", "SubnetIds: !Ref DatabaseName", "must be array, and the parameter DatabaseName is String"),
        ("template.yaml", "EngineFamily: POSTGRESQL", "EngineFamily: POSTGRES", "\"POSTGRES\" is none of"),
        ("template.yaml", "Type: AWS::RDS::DBProxy\n", "Type: AWS::RDS::DatabaseProxy\n", "AWS::RDS::DatabaseProxy is no resource type"),
        ("template.yaml", "      Role: !GetAtt ExecutionRole.Arn", "      Role: !GetAtt Execution.Arn", "Function: refers to Execution, which is nothing"),
        ("template.yaml", "!GetAtt Database.DbiResourceId", "!GetAtt Database.ResourceId", "ResourceId is no attribute of Database"),
        ("template.yaml", "/aws/lambda/${FunctionName}\n", "/aws/lambda/${Function_}\n", "LogGroup: refers to Function_, which is nothing"),
        ("template.yaml", "AlarmActions: !If [HasAlarmTopic", "AlarmActions: !If [HasTopic", "HasTopic: is no condition"),
        ("template.yaml", "  DatabaseSubnets:\n    Type: AWS::RDS::DBSubnetGroup\n    Condition: CreatesDatabase", "  DatabaseSubnets:\n    Type: AWS::RDS::DBSubnetGroup\n    Condition: CreatesProxy", "Database: refers to DatabaseSubnets, which is not there when"),
        ("template.yaml", "      Runtime: provided.al2023", "      Runtime: a\n      Runtime: b", "Map keys must be unique"),
        ("template.yaml", "Parameters: [VpcId, SubnetIds]", "Parameters: [SubnetIds]", "VpcId: must stand in the interface once"),
        ("template.yaml", "  VpcId: {", "  Spare: { Type: String, Default: \"\" }\n  VpcId: {", "Spare: is not used"),
        ("template.yaml", "Default: PassThrough", "Default: Passive", "Tracing: its default is none of the allowed values"),
        ("template.yaml", "NONE, \"off\"]", "NONE, off]", "FunctionUrlAuth: false, which it allows, must be in quotes"),
        ("template.yaml", "MetricName: Throttles", "MetricName: Throttled", "Throttled is no metric of AWS/Lambda"),
        ("template.yaml", "Action: rds-db:connect", "Action: rds-db/connect", "rds-db/connect is no action"),
        ("template.yaml", "    DependsOn: Alias", "    DependsOn: [Alias, Live]", "Url: DependsOn names Live, which is no resource"),
        ("template.yaml", "      LogGroupName: !Sub /aws/lambda/${FunctionName}", "      LogGroupName: !Ref Version", "depends on itself"),
        ("template.yaml", "Outputs:\n", "Outputs:\n  <<: { A: { Value: a } }\n", "CloudFormation knows no merges"),
        ("main.tf", "  memory_size  ", "  memory_sizes ", "aws_lambda_function.function: memory_sizes is no argument of it"),
        ("main.tf", "    log_format  ", "    log_formats ", "aws_lambda_function.function.logging_config: log_format is required"),
        ("main.tf", "  tracing_config {", "  tracing_configs {", "tracing_configs is no argument of it"),
        ("main.tf", "= var.memory_size", "= var.memory", "refers to var.memory, which is nothing"),
        ("main.tf", "aws_iam_role.function.arn", "aws_iam_role.function.arm", "arm is no attribute of aws_iam_role.function"),
        ("main.tf", "aws_db_proxy.proxy[0].endpoint", "aws_db_proxy.proxy.endpoint", "local.server_host: aws_db_proxy.proxy has a count"),
        ("main.tf", "tostring(", "tosttring(", "tosttring is no function"),
        ("main.tf", "  runtime                        =", "  runtime =", "main.tf: is not formatted as terraform fmt does"),
        ("main.tf", "function_name    = aws_lambda_function.function.function_name", "function_name    = aws_lambda_alias.live.function_name", "depends on itself"),
        ("database.tf", "storage_encrypted                   = true", "storage_encrypted                   = \"sure\"", "storage_encrypted must be bool"),
        ("database.tf", "= parameter.value", "= parameters.value", "refers to parameters.value, which is nothing"),
        ("database.tf", "\"aws_db_subnet_group\" \"database\"", "\"aws_subnet_group_of_rds\" \"database\"", "aws_subnet_group_of_rds is no type of the provider's"),
        ("iam.tf", "  network_actions = [", "  spare = []\n  network_actions = [", "local.spare: is not used"),
        ("variables.tf", "  default     = 512", "  default     = \"512 MB\"", "var.memory_size: its default is no number"),
        ("variables.tf", "# Network\n", "variable \"spare\" {\n  description = \"Spare\"\n  type        = string\n}\n", "var.spare: is not used"),
        ("outputs.tf", "output \"alias_arn\"", "output \"function_url\"", "output.function_url is there twice"),
        ("proxy.tf", "  count                  = local.creates_proxy ? 1 : 0\n  name  ", "  name  ", "aws_db_proxy.proxy has no count"),
    ];

    private static readonly Lazy<Task<IReadOnlyList<string[]>>> Found = new(FindAllAsync);

    public static TheoryData<int> All => [.. Enumerable.Range(0, Mistakes.Length)];

    [Fact]
    public async Task Nothing_is_wrong_with_the_template_and_the_module()
    {
        InfrastructureCheck.SkipUnlessInstalled();
        IReadOnlyDictionary<string, string[]> findings = await InfrastructureCheck.RunAsync(InfrastructureCheck.Template, InfrastructureCheck.Module);
        Assert.Equal(2, findings.Count);
        Assert.Empty(findings.Values.SelectMany(finding => finding));
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task A_mistake_is_found(int index)
    {
        InfrastructureCheck.SkipUnlessInstalled();
        string[] findings = (await Found.Value)[index];
        Assert.Contains(findings, finding => finding.Contains(Mistakes[index].Finding, StringComparison.Ordinal));
    }

    /// <summary>All of them in one process, which reads the schemas once.</summary>
    private static async Task<IReadOnlyList<string[]>> FindAllAsync()
    {
        DirectoryInfo scratch = Directory.CreateTempSubdirectory("nativelambda-deploy-");
        try
        {
            string[] paths = [.. Mistakes.Select((mistake, index) => Make(mistake, Path.Combine(scratch.FullName, $"{index}")))];
            IReadOnlyDictionary<string, string[]> findings = await InfrastructureCheck.RunAsync(paths);
            return [.. paths.Select(path => findings[path])];
        }
        finally
        {
            scratch.Delete(recursive: true);
        }
    }

    private static string Make((string File, string Old, string New, string Finding) mistake, string path)
    {
        if (mistake.File == "template.yaml")
        {
            File.WriteAllText(path + ".yaml", Replace(InfrastructureCheck.Template, mistake.Old, mistake.New));
            return path + ".yaml";
        }

        Directory.CreateDirectory(path);
        foreach (string file in Directory.GetFiles(InfrastructureCheck.Module, "*.tf"))
            File.Copy(file, Path.Combine(path, Path.GetFileName(file)));
        File.WriteAllText(Path.Combine(path, mistake.File), Replace(Path.Combine(InfrastructureCheck.Module, mistake.File), mistake.Old, mistake.New));
        return path;
    }

    private static string Replace(string file, string old, string @new)
    {
        string text = File.ReadAllText(file);
        Assert.Contains(old, text, StringComparison.Ordinal);
        return text.Replace(old, @new, StringComparison.Ordinal);
    }
}
