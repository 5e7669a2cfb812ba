"""The local cloud as an AWS account: its environment for programs, its session for this one."""

import os
from functools import partial

import boto3

from localcloud import Address
from localcloud.environment import ACCESS_KEY, SECRET_KEY, client_environment


def environment(address: Address) -> dict[str, str]:
    """The whole environment of a program that is to take the local cloud for AWS."""
    return {**os.environ, **client_environment(address)}


def session(address: Address) -> boto3.Session:
    """A session whose clients talk to the local cloud, whatever this process' environment says."""
    local = boto3.Session(
        aws_access_key_id=ACCESS_KEY,
        aws_secret_access_key=SECRET_KEY,
        region_name=address.region,
    )
    to_local_cloud = partial(local.client, endpoint_url=address.endpoint_url, verify=address.ca)
    local.client = to_local_cloud  # type: ignore[method-assign]  # Session has no endpoint setting
    return local
