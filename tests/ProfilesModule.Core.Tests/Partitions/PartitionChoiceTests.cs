using ProfilesModule.Import;
using ProfilesModule.Model;
using ProfilesModule.Rules;

namespace ProfilesModule.Core.Tests.Partitions;

/// <summary>The partition that parameters and the variables of engines say.</summary>
public sealed class PartitionChoiceTests
{
    [Theory]
    [InlineData("0", 1, "0 of 1")]
    [InlineData("15", 16, "15 of 16")]
    [InlineData("16", 16, "There is no partition 16 of 16: partitions are counted from 0.")]
    [InlineData("-1", 16, "'-1' is not a partition.")]
    [InlineData("x", 16, "'x' is not a partition.")]
    [InlineData("1.0", 16, "'1.0' is not a partition.")]
    [InlineData("99999999999", 16, "'99999999999' is not a partition.")]
    [InlineData("3", null, "It is not known how many partitions there are: -Partition 3 does not say so.")]
    [InlineData(null, 16, "-PartitionCount has no meaning without a partition.")]
    public void Parameters_say_it(string? partition, int? count, string expected) => Assert.Equal(expected, Chosen(partition, count, []));

    [Theory]
    [InlineData("SLURM_ARRAY_TASK_ID=3 SLURM_ARRAY_TASK_COUNT=16 SLURM_ARRAY_TASK_MIN=0 SLURM_ARRAY_TASK_MAX=15 SLURM_ARRAY_TASK_STEP=1", null, "3 of 16")]
    [InlineData("SLURM_ARRAY_TASK_ID=7 SLURM_ARRAY_TASK_COUNT=4 SLURM_ARRAY_TASK_MIN=1 SLURM_ARRAY_TASK_MAX=7 SLURM_ARRAY_TASK_STEP=2", null, "3 of 4")]
    [InlineData("SLURM_ARRAY_TASK_ID=100 SLURM_ARRAY_TASK_COUNT=1 SLURM_ARRAY_TASK_MIN=100 SLURM_ARRAY_TASK_MAX=100 SLURM_ARRAY_TASK_STEP=1", null, "0 of 1")]
    [InlineData("SLURM_ARRAY_TASK_ID=3 SLURM_ARRAY_TASK_COUNT=3 SLURM_ARRAY_TASK_MIN=1 SLURM_ARRAY_TASK_MAX=7 SLURM_ARRAY_TASK_STEP=1", null, "-Partition Auto cannot tell the partition by SLURM_ARRAY_TASK_ID, because the numbers of the tasks are not evenly spaced.")]
    [InlineData("SLURM_ARRAY_TASK_ID=4 SLURM_ARRAY_TASK_COUNT=4 SLURM_ARRAY_TASK_MIN=1 SLURM_ARRAY_TASK_MAX=7 SLURM_ARRAY_TASK_STEP=2", null, "-Partition Auto cannot tell the partition by SLURM_ARRAY_TASK_ID, because the numbers of the tasks are not evenly spaced.")]
    [InlineData("SLURM_ARRAY_TASK_ID=3 SLURM_ARRAY_TASK_COUNT=1 SLURM_ARRAY_TASK_MIN=3 SLURM_ARRAY_TASK_MAX=3 SLURM_ARRAY_TASK_STEP=1", 16, "-PartitionCount is 16, but SLURM_ARRAY_TASK_COUNT is 1.")]
    [InlineData("SLURM_ARRAY_TASK_ID=3", null, "It is not known how many partitions there are: -Partition Auto with SLURM_ARRAY_TASK_ID does not say so.")]
    [InlineData("JOB_COMPLETION_INDEX=5", 8, "5 of 8")]
    [InlineData("JOB_COMPLETION_INDEX=8", 8, "There is no partition 8 of 8: partitions are counted from 0.")]
    [InlineData("JOB_COMPLETION_INDEX=5", null, "It is not known how many partitions there are: -Partition Auto with JOB_COMPLETION_INDEX does not say so.")]
    [InlineData("JOB_COMPLETION_INDEX=five", 8, "The variable JOB_COMPLETION_INDEX is 'five', which is not a number.")]
    [InlineData("AWS_BATCH_JOB_ARRAY_INDEX=0 AWS_BATCH_JOB_ARRAY_SIZE=10", null, "0 of 10")]
    [InlineData("AWS_BATCH_JOB_ARRAY_INDEX=9", 10, "9 of 10")]
    [InlineData("CI_NODE_INDEX=1 CI_NODE_TOTAL=4 GITLAB_CI=true", null, "0 of 4")]
    [InlineData("CI_NODE_INDEX=4 CI_NODE_TOTAL=4 GITLAB_CI=true", 4, "3 of 4")]
    [InlineData("CI_NODE_INDEX=0 CI_NODE_TOTAL=4", null, "0 of 4")]
    [InlineData("CI_NODE_INDEX=4 CI_NODE_TOTAL=4", null, "There is no partition 4 of 4: partitions are counted from 0.")]
    [InlineData("CI_NODE_TOTAL=1", null, "-Partition Auto finds no task of a known engine: none of the variables SLURM_ARRAY_TASK_ID, JOB_COMPLETION_INDEX, AWS_BATCH_JOB_ARRAY_INDEX, CI_NODE_INDEX is set.")]
    [InlineData("JOB_COMPLETION_INDEX=1 CI_NODE_INDEX=1 CI_NODE_TOTAL=4", 4, "-Partition Auto cannot tell which engine counts the tasks: JOB_COMPLETION_INDEX and CI_NODE_INDEX are set.")]
    public void An_engine_says_it(string variables, int? count, string expected) =>
        Assert.Equal(expected, Chosen("auto", count, variables.Split(' ').Select(v => v.Split('=')).ToDictionary(v => v[0], v => v[1])));

    [Theory]
    [InlineData("a/{partition}/{partition}.log", 3, 16, "a/3/3.log")]
    [InlineData("a.log", 0, 1, "a.log")]
    [InlineData("/dev/null", 3, 16, "/dev/null")]
    [InlineData(null, 3, 16, null)]
    public void The_number_stands_in_a_path(string? path, int number, int count, string? expected) =>
        Assert.Equal(expected, PartitionChoice.PathFor(path, "-LogPath", new(number, count)));

    [Theory]
    [InlineData("a.log", true, ErrorId.PartitionPathShared)]
    [InlineData("a{partition}.log", false, ErrorId.InvalidPartition)]
    public void A_path_that_tasks_would_share_is_refused(string path, bool hasPartition, object expected)
    {
        var failure = Assert.Throws<FailureException>(() => PartitionChoice.PathFor(path, "-LogPath", hasPartition ? new Partition(3, 16) : null)).Failure;
        Assert.Equal(expected, failure.Id);
    }

    private static string Chosen(string? partition, int? count, Dictionary<string, string> variables)
    {
        try
        {
            var choice = PartitionChoice.Of(partition, count, variables.GetValueOrDefault);
            return $"{choice!.Partition.Number} of {choice.Partition.Count}";
        }
        catch (FailureException e)
        {
            Assert.Equal(ErrorId.InvalidPartition, e.Failure.Id);
            return e.Message;
        }
    }
}
