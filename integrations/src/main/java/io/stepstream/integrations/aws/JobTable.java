package io.stepstream.integrations.aws;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The jobs that {@code .sync} waits for. A service is rows here, and no code.
 *
 * <p>In templates {@code $Name} is an id of the job, or an argument in what is submitted.
 */
final class JobTable {

  static final AwsErrors ATHENA =
      AwsErrors.former("Athena", "AmazonAthenaException", "AmazonAthena");
  private static final AwsErrors BATCH = AwsErrors.former("Batch", "AWSBatchException", "AWSBatch");
  private static final AwsErrors BEDROCK =
      AwsErrors.former("Bedrock", "AmazonBedrockException", "AmazonBedrock");
  private static final AwsErrors CODE_BUILD =
      AwsErrors.former("CodeBuild", "AWSCodeBuildException", "AWSCodeBuild");
  private static final AwsErrors DATA_BREW =
      AwsErrors.former("DataBrew", "AWSGlueDataBrewException", "AWSGlueDataBrew");
  private static final AwsErrors ECS = AwsErrors.former("ECS", "AmazonECSException", "AmazonECS");
  private static final AwsErrors EKS = AwsErrors.former("EKS", "AmazonEKSException", "AmazonEKS");
  private static final AwsErrors EMR =
      AwsErrors.former(
          "ElasticMapReduce", "AmazonElasticMapReduceException", "AmazonElasticMapReduce");
  private static final AwsErrors EMR_CONTAINERS =
      AwsErrors.former("EMRContainers", "AmazonEMRContainersException", "AmazonEMRContainers");
  private static final AwsErrors EMR_SERVERLESS =
      AwsErrors.former("EMRServerless", "AWSEMRServerlessException", "AWSEMRServerless");
  private static final AwsErrors GLUE = AwsErrors.former("Glue", "AWSGlueException", "AWSGlue");
  private static final AwsErrors MEDIA_CONVERT =
      AwsErrors.former("MediaConvert", "AWSMediaConvertException", "AWSMediaConvert");
  private static final AwsErrors SAGE_MAKER =
      AwsErrors.former("SageMaker", "AmazonSageMakerException", "AmazonSageMaker");

  private static final String NODEGROUP =
      "{'clusterName':'$ClusterName','nodegroupName':'$NodegroupName'}";
  private static final String FARGATE_PROFILE =
      "{'clusterName':'$ClusterName','fargateProfileName':'$FargateProfileName'}";
  private static final String RUN_ON_EKS = "{'id':'$Id','virtualClusterId':'$VirtualClusterId'}";
  private static final String RUN_SERVERLESS =
      "{'applicationId':'$ApplicationId','jobRunId':'$JobRunId'}";
  private static final String RUN_OF_RECIPE = "{'Name':'$Name','RunId':'$RunId'}";

  private static final List<JobRule> RULES =
      List.of(
          JobRule.of("athena:startQueryExecution", "athena", "startQueryExecution", ATHENA)
              .id("QueryExecutionId", "/QueryExecutionId")
              .look(
                  "getQueryExecution",
                  "{'QueryExecutionId':'$QueryExecutionId'}",
                  "/QueryExecution")
              .under("QueryExecution")
              .stop("stopQueryExecution", "{'QueryExecutionId':'$QueryExecutionId'}")
              .ends("/Status/State", Set.of("SUCCEEDED"), Set.of("FAILED", "CANCELLED")),
          JobRule.of("batch:submitJob", "batch", "submitJob", BATCH)
              .id("JobId", "/JobId")
              .look("describeJobs", "{'jobs':['$JobId']}", "/Jobs/0")
              .stop("terminateJob", "{'jobId':'$JobId','reason':'$reason'}")
              .ends("/Status", Set.of("SUCCEEDED"), Set.of("FAILED")),
          JobRule.of(
                  "bedrock:createModelCustomizationJob",
                  "bedrock",
                  "createModelCustomizationJob",
                  BEDROCK)
              .id("JobArn", "/JobArn")
              .look("getModelCustomizationJob", "{'jobIdentifier':'$JobArn'}", "")
              .stop("stopModelCustomizationJob", "{'jobIdentifier':'$JobArn'}")
              .ends("/Status", Set.of("Completed"), Set.of("Failed", "Stopped")),
          JobRule.of("codebuild:startBuild", "codebuild", "startBuild", CODE_BUILD)
              .token("idempotencyToken")
              .id("Id", "/Build/Id")
              .look("batchGetBuilds", "{'ids':['$Id']}", "/Builds/0")
              .under("Build")
              .stop("stopBuild", "{'id':'$Id'}")
              .ends(
                  "/BuildStatus",
                  Set.of("SUCCEEDED"),
                  Set.of("FAILED", "FAULT", "STOPPED", "TIMED_OUT")),
          JobRule.of("codebuild:startBuildBatch", "codebuild", "startBuildBatch", CODE_BUILD)
              .token("idempotencyToken")
              .id("Id", "/BuildBatch/Id")
              .look("batchGetBuildBatches", "{'ids':['$Id']}", "/BuildBatches/0")
              .under("BuildBatch")
              .stop("stopBuildBatch", "{'id':'$Id'}")
              .ends(
                  "/BuildBatchStatus",
                  Set.of("SUCCEEDED"),
                  Set.of("FAILED", "FAULT", "STOPPED", "TIMED_OUT")),
          JobRule.of("databrew:startJobRun", "databrew", "startJobRun", DATA_BREW)
              .id("Name", "Name")
              .id("RunId", "/RunId")
              .look("describeJobRun", RUN_OF_RECIPE, "")
              .stop("stopJobRun", RUN_OF_RECIPE)
              .ends("/State", Set.of("SUCCEEDED"), Set.of("FAILED", "STOPPED", "TIMEOUT")),
          JobRule.of("ecs:runTask", "ecs", "runTask", ECS)
              .single("count")
              .refused("Failures", "AmazonECS.Unknown")
              .id("TaskArn", "/Tasks/0/TaskArn")
              .id("ClusterArn", "/Tasks/0/ClusterArn")
              .look("describeTasks", "{'cluster':'$ClusterArn','tasks':['$TaskArn']}", "/Tasks/0")
              .stop("stopTask", "{'cluster':'$ClusterArn','task':'$TaskArn','reason':'$reason'}")
              .ends(JobVerdict::ofContainers),
          JobRule.of("eks:createCluster", "eks", "createCluster", EKS)
              .id("Name", "/Cluster/Name")
              .look("describeCluster", "{'name':'$Name'}", "/Cluster")
              .under("Cluster")
              .outlives()
              .ends("/Status", Set.of("ACTIVE"), Set.of("FAILED")),
          JobRule.of("eks:deleteCluster", "eks", "deleteCluster", EKS)
              .id("Name", "/Cluster/Name")
              .look("describeCluster", "{'name':'$Name'}", "/Cluster")
              .under("Cluster")
              .goneIsSuccess()
              .ends("/Status", Set.of(), Set.of("FAILED")),
          JobRule.of("eks:createNodegroup", "eks", "createNodegroup", EKS)
              .id("ClusterName", "/Nodegroup/ClusterName")
              .id("NodegroupName", "/Nodegroup/NodegroupName")
              .look("describeNodegroup", NODEGROUP, "/Nodegroup")
              .under("Nodegroup")
              .outlives()
              .ends("/Status", Set.of("ACTIVE"), Set.of("CREATE_FAILED", "DEGRADED")),
          JobRule.of("eks:deleteNodegroup", "eks", "deleteNodegroup", EKS)
              .id("ClusterName", "/Nodegroup/ClusterName")
              .id("NodegroupName", "/Nodegroup/NodegroupName")
              .look("describeNodegroup", NODEGROUP, "/Nodegroup")
              .under("Nodegroup")
              .goneIsSuccess()
              .ends("/Status", Set.of(), Set.of("DELETE_FAILED")),
          JobRule.of("eks:createFargateProfile", "eks", "createFargateProfile", EKS)
              .id("ClusterName", "/FargateProfile/ClusterName")
              .id("FargateProfileName", "/FargateProfile/FargateProfileName")
              .look("describeFargateProfile", FARGATE_PROFILE, "/FargateProfile")
              .under("FargateProfile")
              .outlives()
              .ends("/Status", Set.of("ACTIVE"), Set.of("CREATE_FAILED")),
          JobRule.of("eks:deleteFargateProfile", "eks", "deleteFargateProfile", EKS)
              .id("ClusterName", "/FargateProfile/ClusterName")
              .id("FargateProfileName", "/FargateProfile/FargateProfileName")
              .look("describeFargateProfile", FARGATE_PROFILE, "/FargateProfile")
              .under("FargateProfile")
              .goneIsSuccess()
              .ends("/Status", Set.of(), Set.of("DELETE_FAILED")),
          JobRule.of("elasticmapreduce:createCluster", "emr", "runJobFlow", EMR)
              .id("ClusterId", "/JobFlowId")
              .look("describeCluster", "{'ClusterId':'$ClusterId'}", "/Cluster")
              .under("Cluster")
              .tellsIds()
              .stop("terminateJobFlows", "{'JobFlowIds':['$ClusterId']}")
              .outlives()
              .ends(
                  "/Status/State",
                  Set.of("WAITING", "TERMINATED"),
                  Set.of("TERMINATED_WITH_ERRORS")),
          JobRule.of("elasticmapreduce:terminateCluster", "emr", "terminateJobFlows", EMR)
              .arguments("{'JobFlowIds':['$ClusterId']}")
              .id("ClusterId", "ClusterId")
              .look("describeCluster", "{'ClusterId':'$ClusterId'}", "/Cluster")
              .under("Cluster")
              .tellsIds()
              .ends("/Status/State", Set.of("TERMINATED", "TERMINATED_WITH_ERRORS"), Set.of()),
          JobRule.of("elasticmapreduce:addStep", "emr", "addJobFlowSteps", EMR)
              .arguments(
                  "{'JobFlowId':'$ClusterId','Steps':['$Step'],"
                      + "'ExecutionRoleArn':'$ExecutionRoleArn'}")
              .id("ClusterId", "ClusterId")
              .id("StepId", "/StepIds/0")
              .look("describeStep", "{'ClusterId':'$ClusterId','StepId':'$StepId'}", "/Step")
              .under("Step")
              .tellsIds()
              .stop("cancelSteps", "{'ClusterId':'$ClusterId','StepIds':['$StepId']}")
              .ends(
                  "/Status/State",
                  Set.of("COMPLETED"),
                  Set.of("FAILED", "CANCELLED", "INTERRUPTED")),
          JobRule.of("emr-containers:startJobRun", "emrcontainers", "startJobRun", EMR_CONTAINERS)
              .id("Id", "/Id")
              .id("VirtualClusterId", "/VirtualClusterId")
              .look("describeJobRun", RUN_ON_EKS, "/JobRun")
              .under("JobRun")
              .stop("cancelJobRun", RUN_ON_EKS)
              .ends("/State", Set.of("COMPLETED"), Set.of("FAILED", "CANCELLED")),
          JobRule.of(
                  "emr-containers:deleteVirtualCluster",
                  "emrcontainers",
                  "deleteVirtualCluster",
                  EMR_CONTAINERS)
              .id("Id", "/Id")
              .look("describeVirtualCluster", "{'id':'$Id'}", "/VirtualCluster")
              .under("VirtualCluster")
              .goneIsSuccess()
              .ends("/State", Set.of("TERMINATED"), Set.of("ARRESTED")),
          JobRule.of("emr-serverless:startJobRun", "emrserverless", "startJobRun", EMR_SERVERLESS)
              .id("ApplicationId", "/ApplicationId")
              .id("JobRunId", "/JobRunId")
              .look("getJobRun", RUN_SERVERLESS, "/JobRun")
              .under("JobRun")
              .stop("cancelJobRun", RUN_SERVERLESS)
              .ends("/State", Set.of("SUCCESS"), Set.of("FAILED", "CANCELLED")),
          JobRule.of("emr-serverless:cancelJobRun", "emrserverless", "cancelJobRun", EMR_SERVERLESS)
              .id("ApplicationId", "/ApplicationId")
              .id("JobRunId", "/JobRunId")
              .look("getJobRun", RUN_SERVERLESS, "/JobRun")
              .under("JobRun")
              .ends("/State", Set.of("CANCELLED"), Set.of("SUCCESS", "FAILED")),
          application("createApplication", "/ApplicationId")
              .ends("/State", Set.of("CREATED", "STARTING", "STARTED"), Set.of("TERMINATED")),
          application("startApplication", "ApplicationId")
              .ends("/State", Set.of("STARTED"), Set.of("TERMINATED")),
          application("stopApplication", "ApplicationId")
              .ends("/State", Set.of("STOPPED"), Set.of("TERMINATED")),
          application("deleteApplication", "ApplicationId")
              .goneIsSuccess()
              .ends("/State", Set.of("TERMINATED"), Set.of()),
          JobRule.of("glue:startJobRun", "glue", "startJobRun", GLUE)
              .id("JobName", "JobName")
              .id("JobRunId", "/JobRunId")
              .look("getJobRun", "{'JobName':'$JobName','RunId':'$JobRunId'}", "/JobRun")
              .stop("batchStopJobRun", "{'JobName':'$JobName','JobRunIds':['$JobRunId']}")
              .ends(
                  "/JobRunState",
                  Set.of("SUCCEEDED"),
                  Set.of("FAILED", "STOPPED", "TIMEOUT", "ERROR", "EXPIRED")),
          JobRule.of("mediaconvert:createJob", "mediaconvert", "createJob", MEDIA_CONVERT)
              .id("Id", "/Job/Id")
              .look("getJob", "{'id':'$Id'}", "/Job")
              .under("Job")
              .stop("cancelJob", "{'id':'$Id'}")
              .ends("/Status", Set.of("COMPLETE"), Set.of("ERROR", "CANCELED")),
          sageMaker("HyperParameterTuningJob"),
          sageMaker("LabelingJob"),
          sageMaker("ProcessingJob"),
          sageMaker("TrainingJob"),
          sageMaker("TransformJob"));

  private JobTable() {}

  /** By their resources, such as {@code batch:submitJob}. */
  static Map<String, JobRule> rules() {
    Map<String, JobRule> rules = new TreeMap<>();
    RULES.forEach(rule -> rules.put(rule.resource(), rule));
    return rules;
  }

  /** Jobs of SageMaker have names that their users give, each of which there is once. */
  private static JobRule sageMaker(String job) {
    String name = job + "Name";
    String named = "{'NAME':'$NAME'}".replace("NAME", name);
    return JobRule.of("sagemaker:create" + job, "sagemaker", "create" + job, SAGE_MAKER)
        .taken("ResourceInUse")
        .id(name, name)
        .look("describe" + job, named, "")
        .stop("stop" + job, named)
        .ends("/" + job + "Status", Set.of("Completed"), Set.of("Failed", "Stopped"));
  }

  private static JobRule.Builder application(String action, String id) {
    return JobRule.of("emr-serverless:" + action, "emrserverless", action, EMR_SERVERLESS)
        .id("ApplicationId", id)
        .look("getApplication", "{'applicationId':'$ApplicationId'}", "/Application")
        .under("Application")
        .outlives();
  }
}
