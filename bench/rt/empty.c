/* empty: does nothing, so that what its run takes is the linker's time and the kernel's. */
int main(void)
{
    return 0;
}
