/* empty: does nothing, so that its run is only the linker's time and the kernel's. */
int main(void)
{
    return 0;
}
